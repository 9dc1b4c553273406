import { expect, test } from "vitest";
import type { Node } from "../../src/index.js";
import { node as makeNode } from "./nodes.js";

/** A clock that stands until it is moved. */
class HandClock {
  #now = 1_767_225_600_000;

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

async function publisher(perSecond: number): Promise<{ node: Node; pass: (ms: number) => Promise<void> }> {
  const clock = new HandClock();
  const node = await makeNode({ clock, limits: { PUBLISHED_PER_SECOND: perSecond } });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    node.wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { node, pass };
}

test("broadcasts wait for the next second, in the order of the calls; tryBroadcast does not", async () => {
  const { node, pass } = await publisher(5);
  const made: number[] = [];
  const all = Array.from({ length: 12 }, async (_, i) => {
    await node.broadcast("", Uint8Array.of(i));
    made.push(i);
  });
  await pass(999);
  expect(made).toEqual([0, 1, 2, 3, 4]);
  expect(() => node.tryBroadcast("", new Uint8Array(1))).toThrow("QUEUE_FULL");
  await pass(1);
  expect(made).toHaveLength(10);
  await pass(1000);
  await Promise.all(all);
  expect(made).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test("broadcasts that wait end with CLOSED when the node is closed", async () => {
  const { node } = await publisher(1);
  await node.broadcast("", new Uint8Array(1));
  const waiting = [1, 2].map((i) => node.broadcast("", Uint8Array.of(i)));
  const ends = Promise.allSettled(waiting);
  await node.close();
  for (const end of await ends) expect(end).toMatchObject({ status: "rejected", reason: { code: "CLOSED" } });
});
