// What is written again, when, and until when.

import { describe, expect, test } from "vitest";
import type { TableRecord } from "../../identity/index.js";
import { Refreshes } from "./refreshes.js";

const lifeMs = 64_000;

function recordAt(issued: number, sequence: bigint, key = 1): TableRecord {
  const [none, keyId, digest] = [new Uint8Array(0), new Uint8Array(32).fill(key), new Uint8Array(32)];
  const times = { issued: BigInt(issued), expires: BigInt(issued + lifeMs) };
  return { kind: 1, key: none, writer: none, sequence, ...times, flags: 0, value: none, signature: none, keyId, digest, bytes: none }; // prettier-ignore
}

/** Refreshes over a table that answers at once what it is told to. */
function table() {
  const state = {
    now: 0,
    found: undefined as TableRecord | "UNREACHABLE" | undefined,
    isAcknowledged: true,
    written: [] as bigint[],
  };
  const refreshes = new Refreshes({
    read: (_record, done) => done(state.found),
    write: (record, done) => {
      const next = recordAt(state.now, record.sequence + 1n);
      if (state.isAcknowledged) state.written.push(next.sequence);
      done(state.isAcknowledged ? (state.found = next) : undefined);
    },
    now: () => state.now,
  });
  const advance = (ms: number): void => {
    for (const end = state.now + ms; state.now < end;) {
      state.now = Math.min(end, Math.max(state.now, refreshes.deadline));
      refreshes.wake(state.now);
    }
  };
  const begin = (): void => refreshes.add((state.found = recordAt(0, 1n)));
  return { state, refreshes, advance, begin };
}

describe("a record that is to stay", () => {
  test("is written again whenever half of its life is over", () => {
    const { state, advance, begin } = table();
    begin();
    advance(lifeMs / 2 - 1);
    expect(state.written).toEqual([]);
    advance(1);
    expect(state.written).toEqual([2n]);
    advance(lifeMs * 2);
    expect(state.written).toEqual([2n, 3n, 4n, 5n, 6n]);
  });

  test("is written again when it has got lost", () => {
    const { state, advance, begin } = table();
    begin();
    state.found = undefined;
    advance(lifeMs / 2);
    expect(state.written).toEqual([2n]);
  });

  test("is tried again when the table cannot be reached, or does not take it", () => {
    const { state, advance, begin } = table();
    begin();
    state.found = "UNREACHABLE";
    advance(lifeMs / 2 + lifeMs / 16);
    state.found = recordAt(0, 1n);
    state.isAcknowledged = false;
    advance(lifeMs / 16);
    state.isAcknowledged = true;
    expect(state.written).toEqual([]);
    advance(lifeMs / 16);
    expect(state.written).toEqual([2n]);
  });

  test("is left alone when somebody has written the key", () => {
    const { state, refreshes, advance, begin } = table();
    begin();
    state.found = recordAt(5, 9n);
    advance(lifeMs * 4);
    expect(state.written).toEqual([]);
    expect(refreshes.size).toBe(0);
    expect(refreshes.deadline).toBe(Infinity);
  });

  test("is forgotten", () => {
    const { state, refreshes, advance, begin } = table();
    begin();
    refreshes.forget(recordAt(0, 1n).keyId);
    advance(lifeMs);
    begin();
    refreshes.stop();
    advance(lifeMs);
    expect(state.written).toEqual([]);
  });
});
