import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8, formatHex } from "../bytes/index.js";
import { Command } from "../gen/registry.js";
import { pick } from "../../test/harness/random.js";
import { longTest, runs } from "../../test/harness/runs.js";
import type { TestNode } from "../../test/harness/test-node.js";
import { World } from "../../test/harness/world.js";

interface Net {
  readonly world: World;
  readonly nodes: readonly TestNode[];
  /** Pairs of numbers of nodes that are joined. */
  readonly edges: readonly (readonly [number, number])[];
}

/** A connected net of two to eight nodes: a random tree and some more edges, all of them READY. */
function randomNet(seed: number, policy: number): Net {
  const world = new World({ seed, chunkBytes: 700, descriptor: { policy }, limits: { RECENT_MESSAGES: 256 } });
  const nodes = Array.from({ length: 2 + pick(world.random, 7) }, () => world.addNode());
  const edges: [number, number][] = [];
  const isEdge = (a: number, b: number): boolean =>
    edges.some(([x, y]) => (x === a && y === b) || (x === b && y === a));
  for (let i = 1; i < nodes.length; i++) edges.push([pick(world.random, i), i]);
  for (let more = pick(world.random, 2 * nodes.length); more > 0; more--) {
    const [a, b] = [pick(world.random, nodes.length), pick(world.random, nodes.length)];
    if (a !== b && !isEdge(a, b)) edges.push([a, b]);
  }
  for (const [a, b] of edges) world.join(nodes[a] as TestNode, nodes[b] as TestNode);
  world.settle();
  return { world, nodes, edges };
}

/** BROADCAST frames seen on all wires, by their content. */
function framesByContent(nodes: readonly TestNode[], signatureBytes: number): Map<string, number> {
  const counts = new Map<string, number>();
  const pipes = nodes.flatMap((node) => [...node.links.values()].map(({ out }) => out));
  for (const frame of pipes.flatMap((pipe) => pipe.frames)) {
    if (frame.command !== Command.BROADCAST) continue;
    const content = formatHex(frame.payload.subarray(1 + signatureBytes));
    counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return counts;
}

const heard = (node: TestNode): string[] => node.eventsOf("message").map(({ payload }) => decodeUtf8(payload) ?? "");

describe.each([
  ["signed", 0, 64],
  ["unsigned", 2, 0],
])("flooding in a network with %s broadcasts", (_, policy, signatureBytes) => {
  test(
    "reaches every node exactly once, in at most 2E − n + 1 frames",
    () => {
      for (let seed = 0; seed < runs(25, 800); seed++) {
        const { world, nodes, edges } = randomNet(seed, policy);
        const told: string[][] = nodes.map(() => []);
        for (let i = 0; i < 12; i++) {
          const from = pick(world.random, nodes.length);
          const text = `${from} says ${i}`;
          told[from]?.push(text);
          nodes[from]?.input((engine, now) => engine.broadcast("chat", encodeUtf8(text), now));
          for (let steps = pick(world.random, 30); steps > 0; steps--) world.step();
        }
        world.settle();
        nodes.forEach((node, i) => {
          const others = told.filter((_, from) => from !== i).flat();
          expect(heard(node).toSorted(), `seed ${seed}`).toEqual(others.sort());
          expect(node.engine.counts.verdicts).toMatchObject({ ACCEPT: others.length, IGNORE: 0, REJECT: 0 });
        });
        const frames = framesByContent(nodes, signatureBytes);
        expect(frames.size).toBe(12);
        for (const count of frames.values()) {
          expect(count).toBeLessThanOrEqual(2 * edges.length - nodes.length + 1);
          expect(count).toBeGreaterThanOrEqual(nodes.length - 1);
        }
        world.advance(30_000);
        expect(nodes.flatMap((node) => node.eventsOf("peer.down"))).toEqual([]);
      }
    },
    longTest,
  );

  test(
    "keeps the order of one origin along every link",
    () => {
      for (let seed = 0; seed < runs(6, 100); seed++) {
        const { world, nodes } = randomNet(seed, policy);
        const [first, second] = [nodes[0] as TestNode, nodes[1] as TestNode];
        for (let i = 0; i < 40; i++) {
          first.input((engine, now) => engine.broadcast("", Uint8Array.of(i), now));
          if (i % 5 === 0) world.step();
        }
        world.settle();
        // The two are joined directly: whatever else happens, this link alone brings all of them in order.
        const link = [...first.links.values()].find(({ name }) => second.links.has(name));
        const sent = link?.out.frames.filter(({ command, tag }) => command === Command.BROADCAST && tag === 0) ?? [];
        expect(sent.map(({ payload }) => payload.at(-1))).toEqual([...Array(40).keys()]);
        for (const node of nodes.slice(1)) expect(node.eventsOf("message")).toHaveLength(40);
      }
    },
    longTest,
  );

  test(
    "goes on after a node has gone, and takes in one that comes later",
    () => {
      for (let seed = 0; seed < runs(10, 300); seed++) {
        const world = new World({ seed, chunkBytes: 500, descriptor: { policy } });
        const nodes = Array.from({ length: 5 }, () => world.addNode());
        const [gone, late] = [nodes[1] as TestNode, nodes[4] as TestNode];
        const mesh = nodes.slice(0, 4);
        mesh.forEach((a, i) => mesh.slice(i + 1).forEach((b) => world.join(a, b)));
        world.settle();
        const say = (node: TestNode, i: number): void =>
          node.input((engine, now) => engine.broadcast("", Uint8Array.of(i), now));
        for (let i = 0; i < 10; i++) say(nodes[0] as TestNode, i);
        for (let steps = pick(world.random, 60); steps > 0; steps--) world.step();
        for (const link of gone.links.values()) gone.cut(link);
        for (let i = 10; i < 20; i++) say(nodes[0] as TestNode, i);
        world.settle();
        for (const node of [nodes[2], nodes[3]] as TestNode[]) {
          expect(
            node
              .eventsOf("message")
              .map(({ payload }) => payload[0])
              .sort((a = 0, b = 0) => a - b),
          ).toEqual([...Array(20).keys()]);
          expect(node.eventsOf("peer.down").map(({ peer, code }) => [formatHex(peer), code])).toEqual([
            [formatHex(gone.id), "LOST"],
          ]);
        }
        world.join(late, nodes[2] as TestNode);
        world.settle();
        say(nodes[0] as TestNode, 99);
        world.settle();
        expect(late.eventsOf("message").map(({ payload }) => payload[0])).toEqual([99]);
      }
    },
    longTest,
  );
});
