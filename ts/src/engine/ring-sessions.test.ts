// Which sessions that requests of the ring have led to are ended, and which stay.

import { expect, test } from "vitest";
import { formatHex } from "../bytes/index.js";
import type { Session } from "../session/index.js";
import { RingSessions } from "./ring-sessions.js";

const idOf = (node: number): Uint8Array => new Uint8Array(32).fill(node);

/** Nodes 1… that were dialled in turn, of whom some are needed or have dialled themselves. */
function dialled(count: number, { needed = [], responders = [] }: Record<string, readonly number[]> = {}) {
  const ended: number[] = [];
  const neededKeys = needed.map((node) => formatHex(idOf(node)));
  const sessions = new RingSessions({
    limits: { RING_SESSIONS: 3 },
    isNeeded: (key) => neededKeys.includes(key),
    sessionOf: (nodeId) => {
      const node = nodeId[0] ?? 0;
      const info = { role: responders.includes(node) ? "responder" : "initiator" };
      return { info, end: () => ended.push(node) } as unknown as Session;
    },
  });
  for (let node = 1; node <= count; node++) sessions.dialled(idOf(node));
  return { sessions, ended };
}

test("as many stay as may", () => {
  expect(dialled(3).ended).toEqual([]);
});

test("the one that was asked longest ago is ended", () => {
  const { sessions, ended } = dialled(3);
  sessions.used(idOf(1));
  sessions.dialled(idOf(4));
  sessions.dialled(idOf(5));
  expect(ended).toEqual([2, 3]);
});

test("one that is needed stays, and counts for none", () => {
  expect(dialled(5, { needed: [1, 2] }).ended).toEqual([]);
  expect(dialled(6, { needed: [1, 2] }).ended).toEqual([3]);
});

test("one that the other node has dialled is left to it", () => {
  expect(dialled(5, { responders: [1] }).ended).toEqual([2]);
});

test("one that has ended by itself makes room", () => {
  const { sessions, ended } = dialled(3);
  sessions.gone(idOf(2));
  sessions.used(idOf(2));
  sessions.dialled(idOf(4));
  expect(ended).toEqual([]);
});
