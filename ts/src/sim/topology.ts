// Who is linked with whom at the beginning: pairs of node numbers, the one that dials first. Drawn from a seed where the name
// says so, and connected always.

import { misuse } from "../errors/index.js";
import type { Prng } from "./prng.js";

/** A pair: the first dials the second. */
export type Link = readonly [dialler: number, listener: number];

export const topologyNames = ["chain", "ring", "cluster", "hub", "random"] as const;
export type TopologyName = (typeof topologyNames)[number];

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const chain = (count: number): Link[] => range(count - 1).map((i) => [i, i + 1]);

/** Groups of ten that know each other, joined in a ring by two links each. */
function cluster(count: number): Link[] {
  const size = 10;
  const links = new Map<number, Link>();
  const join = (a: number, b: number): void => {
    if (a !== b && Math.max(a, b) < count) links.set(Math.min(a, b) * count + Math.max(a, b), [a, b]);
  };
  for (let first = 0; first < count; first += size) {
    const members = range(Math.min(size, count - first)).map((i) => first + i);
    for (const a of members) for (const b of members) if (a < b) join(a, b);
    const next = first + size < count ? first + size : 0;
    for (const offset of [0, 5]) join(Math.min(first + offset, count - 1), next + offset);
  }
  return [...links.values()];
}

/** A few hubs that know each other; everybody else knows two of them. */
function hub(count: number, random: Prng): Link[] {
  const hubs = range(Math.min(count, 3));
  const links: Link[] = hubs.flatMap((a) => hubs.filter((b) => a < b).map((b): Link => [a, b]));
  for (let node = hubs.length; node < count; node++) {
    for (const one of random.shuffled(hubs).slice(0, 2)) links.push([node, one]);
  }
  return links;
}

/** A ring, and beyond it links drawn at random until every node has `degree` of them, where that can be. */
function randomGraph(count: number, degree: number, random: Prng): Link[] {
  const links: Link[] = [];
  const linked = new Set<number>();
  const join = (a: number, b: number): boolean => {
    const key = Math.min(a, b) * count + Math.max(a, b);
    if (a === b || linked.has(key)) return false;
    linked.add(key);
    links.push(random.below(2) === 0 ? [a, b] : [b, a]);
    return true;
  };
  const order = random.shuffled(range(count));
  order.forEach((node, i) => join(node, order[(i + 1) % count] as number));
  // Every node as often as it has links to give.
  let free = random.shuffled(range(count).flatMap((node) => range(Math.min(degree, count - 1) - 2).map(() => node)));
  for (let failures = 0; free.length > 1 && failures < 20; failures++) {
    const left = free.length % 2 === 1 ? free.slice(-1) : [];
    for (let i = 0; i + 1 < free.length; i += 2) {
      const [a, b] = [free[i] as number, free[i + 1] as number];
      if (!join(a, b)) left.push(a, b);
    }
    free = random.shuffled(left);
  }
  return links;
}

/** The links of a topology among `count` nodes, each pair once. */
export function linksOf(name: TopologyName, count: number, random: Prng): readonly Link[] {
  switch (name) {
    case "chain":
      return chain(count);
    case "ring":
      return count > 2 ? [...chain(count), [count - 1, 0]] : chain(count);
    case "cluster":
      return cluster(count);
    case "hub":
      return hub(count, random);
    case "random":
      return randomGraph(count, random.between(4, 8), random);
    default:
      return name satisfies never;
  }
}

/** Links from a text: one node a line, its number and those of its neighbours. @throws {ProtocolError} MISUSE */
export function parseAdjacency(text: string): { readonly nodes: number; readonly links: readonly Link[] } {
  const links = new Map<string, Link>();
  let most = 0;
  for (const line of text.split("\n")) {
    const words = (line.split("#")[0] ?? "").split(/[\s:,]+/).filter((word) => word !== "");
    const numbers = words.map(Number);
    if (numbers.some((number) => !Number.isInteger(number) || number < 0 || number >= 1000))
      throw misuse(`"${line}" is no line of node numbers from 0 to 999; write one such as "0 1 2"`);
    const [from, ...others] = numbers;
    if (from === undefined) continue;
    most = Math.max(most, ...numbers);
    for (const to of others) if (to !== from) links.set(`${Math.min(from, to)} ${Math.max(from, to)}`, [from, to]);
  }
  if (links.size === 0) throw misuse('the text names no link; write lines such as "0 1 2"');
  return { nodes: most + 1, links: [...links.values()] };
}
