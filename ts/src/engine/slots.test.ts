import { describe, expect, test } from "vitest";
import { Slots } from "./slots.js";

const address = (prefix: number, host: number): string => `tcp://8.8.${prefix}.${host}:1`;

describe("places of sessions that others began", () => {
  test.each([
    [1, 1],
    [3, 3],
    [4, 3],
    [8, 6],
    [256, 192],
  ])("of %i they have %i", (SESSIONS, places) => {
    const slots = new Slots<number>({ SESSIONS });
    for (let session = 0; session < places; session++) {
      expect(slots.isFull).toBe(false);
      slots.take(session, "tcp://127.0.0.1:1");
    }
    expect(slots.isFull).toBe(true);
    slots.free(0);
    expect(slots.isFull).toBe(false);
  });

  test("the newest of the most crowded prefix makes room, when there are more of it than of the new one's with it", () => {
    const slots = new Slots<number>({ SESSIONS: 8 });
    for (const [session, prefix] of [1, 2, 2, 2, 1].entries()) slots.take(session, address(prefix, session));
    slots.take(9, "tcp://127.0.0.1:1");
    expect(slots.crowded(address(3, 1))).toBe(3);
    expect(slots.crowded("tcp://10.0.0.1:1")).toBeUndefined();
    expect(slots.crowded(address(1, 9))).toBeUndefined();
    expect(slots.crowded(address(2, 9))).toBeUndefined();
    slots.free(3);
    slots.free(4);
    expect(slots.crowded(address(3, 1))).toBe(2);
    expect(slots.crowded(address(1, 9))).toBeUndefined();
  });

  test("nobody makes room on loopback", () => {
    const slots = new Slots<number>({ SESSIONS: 4 });
    for (let session = 0; session < 3; session++) slots.take(session, "tcp://127.0.0.1:1");
    expect(slots.crowded(address(1, 1))).toBeUndefined();
    expect(slots.crowded("tcp://127.0.0.1:9")).toBeUndefined();
  });
});
