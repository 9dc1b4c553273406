import { describe, expect, test } from "vitest";
import { formatHex } from "../bytes/index.js";
import type { TestNode } from "../../test/harness/test-node.js";
import { World } from "../../test/harness/world.js";

/** The first node is on its own; of the others there are two, five and five to a prefix. */
const prefixOf = (node: number): number => (node === 0 ? 0 : node <= 2 ? 1 : node <= 7 ? 2 : 3);

/** A world in which one node has 4 places, 3 of them for sessions that others begin. */
function crowd(addressOf: (node: number) => string): { world: World; node: TestNode; others: TestNode[] } {
  const world = new World({ seed: 1, isWhole: true, chunkBytes: 65_536, address: addressOf });
  const node = world.addNode({ limits: { SESSIONS: 4 } });
  const others = Array.from({ length: 12 }, () => world.addNode());
  for (const one of world.nodes) one.isPrompt = true;
  return { world, node, others };
}

/** Numbers of the peers of a node. */
const peersOf = (world: World, node: TestNode): number[] => {
  const keys = new Set(node.engine.peers.map(formatHex));
  return world.nodes.flatMap((one, i) => (keys.has(formatHex(one.id)) ? [i] : []));
};

const join = (world: World, from: TestNode | undefined, to: TestNode): void => {
  from?.input((engine, now) => engine.dial({ address: world.addressOf(to), isKept: false }, now));
  world.settle();
};

describe("a node whose places for others are taken", () => {
  const near = (node: number): string => `tcp://8.8.${prefixOf(node)}.${node}:4000`;

  test("keeps one for its own dials", () => {
    const { world, node, others } = crowd((i) => `memory://n${i}`);
    for (const other of others.slice(0, 4)) join(world, other, node);
    expect(peersOf(world, node)).toEqual([1, 2, 3]);
    expect(others[3]?.eventsOf("refused")).toMatchObject([{ code: "FULL", by: "remote" }]);
    join(world, node, others[4] as TestNode);
    expect(peersOf(world, node)).toEqual([1, 2, 3, 5]);
  });

  test("lets the newest of the most crowded prefix make room, as long as that is more crowded than the new one's", () => {
    const { world, node, others } = crowd(near);
    for (const i of [2, 3, 4]) join(world, others[i], node);
    expect(peersOf(world, node)).toEqual([3, 4, 5]);
    join(world, others[0], node);
    expect(peersOf(world, node)).toEqual([1, 3, 4]);
    expect(others[4]?.eventsOf("peer.down")).toMatchObject([{ code: "FULL" }]);
    join(world, others[1], node);
    expect(peersOf(world, node)).toEqual([1, 3, 4]);
    expect(others[1]?.eventsOf("refused")).toMatchObject([{ code: "FULL", by: "remote" }]);
    join(world, others[7], node);
    expect(peersOf(world, node)).toEqual([1, 3, 8]);
  });
});
