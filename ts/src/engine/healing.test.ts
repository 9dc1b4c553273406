import { describe, expect, test } from "vitest";
import { formatHex } from "../bytes/index.js";
import type { TestNode } from "../../test/harness/test-node.js";
import { pick } from "../../test/harness/random.js";
import { longTest, runs } from "../../test/harness/runs.js";
import { World, type WorldOptions } from "../../test/harness/world.js";

const memory = (node: number): string => `memory://n${node}`;
function worldOf(options: Omit<WorldOptions, "limits">, limits: WorldOptions["limits"] = {}): World {
  return new World({ isWhole: true, chunkBytes: 65_536, limits: { PEERS_TARGET: 8, ...limits }, ...options });
}

function add(world: World): TestNode {
  const node = world.addNode();
  node.isPrompt = true;
  return node;
}

const dial = (world: World, from: TestNode, to: TestNode): void =>
  from.input((engine, now) => engine.dial({ address: world.addressOf(to), isKept: true }, now));

/** Nodes that one can get to from the first one. */
function connected(nodes: readonly TestNode[]): number {
  const byId = new Map(nodes.map((node) => [formatHex(node.id), node]));
  const seen = new Set(nodes.slice(0, 1));
  for (const node of seen) {
    for (const id of node.engine.peers) {
      const peer = byId.get(formatHex(id));
      if (peer !== undefined) seen.add(peer);
    }
  }
  return seen.size;
}

const fewest = (nodes: readonly TestNode[]): number => Math.min(...nodes.map(({ engine }) => engine.peers.length));
const most = (nodes: readonly TestNode[]): number => Math.max(...nodes.map(({ engine }) => engine.peers.length));

/** Virtual milliseconds until something is true, in steps of a tenth of a second. */
function until(world: World, isTrue: () => boolean, mostMs: number): number {
  world.settle();
  for (let ms = 0; ms <= mostMs; ms += 100) {
    if (isTrue()) return ms;
    world.advance(100);
  }
  return Infinity;
}

describe("a network that nobody tends", () => {
  for (let seed = 1; seed <= runs(2, 20); seed++) {
    test(
      `of 30 nodes that know one: 8 peers each within 2 s; when a third goes with that one, again within 1 s (seed ${seed})`,
      { timeout: longTest },
      () => {
        const world = worldOf({ seed, address: memory });
        const nodes = Array.from({ length: 30 }, () => add(world));
        const [first, ...others] = nodes as [TestNode, ...TestNode[]];
        for (const node of others) dial(world, node, first);
        const formedMs = until(world, () => connected(nodes) === 30 && fewest(nodes) >= 8, 60_000);
        const gone = new Set([first]);
        while (gone.size < 10) gone.add(others[pick(world.random, others.length)] as TestNode);
        for (const node of gone) world.kill(node);
        const rest = nodes.filter((node) => !gone.has(node));
        world.settle();
        const left = fewest(rest);
        const healedMs = until(world, () => connected(rest) === 20 && fewest(rest) >= 8, 60_000);
        console.log(`formed after ${formedMs} ms, ${left} left at the least, healed after ${healedMs} ms`);
        expect(formedMs).toBeLessThanOrEqual(2000);
        expect(healedMs).toBeLessThanOrEqual(1000);
      },
    );
  }

  test(
    "nodes that come one after the other, each with one that is there, are one network",
    { timeout: longTest },
    () => {
      const world = worldOf({ seed: 3, address: memory });
      const nodes = [add(world)];
      for (let i = 1; i < 30; i++) {
        const through = nodes[pick(world.random, nodes.length)] as TestNode;
        nodes.push(add(world));
        dial(world, nodes.at(-1) as TestNode, through);
        world.advance(500);
      }
      expect(until(world, () => connected(nodes) === 30 && fewest(nodes) >= 8, 60_000)).toBeLessThanOrEqual(2000);
    },
  );

  test("one that loses all its peers comes back when they do", { timeout: longTest }, () => {
    const world = worldOf({ seed: 4, address: memory });
    const nodes = Array.from({ length: 4 }, () => add(world));
    const [first, ...others] = nodes as [TestNode, ...TestNode[]];
    for (const node of others) dial(world, node, first);
    until(world, () => fewest(nodes) === 3, 10_000);
    for (const node of others) world.isolate(node, true);
    world.isolate(first, true);
    world.advance(60_000);
    expect(most(nodes)).toBe(0);
    for (const node of nodes) world.isolate(node, false);
    expect(until(world, () => fewest(nodes) === 3, 120_000)).toBeLessThanOrEqual(61_000);
  });
});
