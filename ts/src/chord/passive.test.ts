import { describe, expect, it } from "vitest";
import { contactAt, ringLimits } from "../../test/harness/ring-network.js";
import { Prng } from "../sim/prng.js";
import { Draws } from "./draws.js";
import { Passive } from "./passive.js";

const remembering = (most = 3): Passive =>
  new Passive({ ...ringLimits, RING_PASSIVE: most, RING_PASSIVE_KEEP_MS: 1_000_000 }, new Draws(new Prng(3)));
const everybody = (): boolean => true;

/** Places, in order, of all that may come out of a pick. */
function picked(passive: Passive, now: number, isUrgent = false): unknown[] {
  const places = Array.from({ length: 200 }, () => passive.pick([], everybody, now, isUrgent)?.position.high);
  return [...new Set(places)]
    .map((high) => (high === undefined ? high : high / 2 ** 32))
    .sort((a, b) => (a ?? 0) - (b ?? 0));
}

describe("remembered contacts", () => {
  it("are each picked at times, beside others", () => {
    const passive = remembering();
    for (const place of [1, 2, 3]) passive.add(contactAt(place), 0);
    expect(picked(passive, 0)).toEqual([1, 2, 3]);
    expect(passive.pick([contactAt(9)], ({ record }) => record === 9, 0, false)?.record).toBe(9);
    expect(passive.pick([], ({ record }) => record === 9, 0, false)).toBeUndefined();
  });

  it("make room for new ones, the oldest first, but for those that are kept", () => {
    const passive = remembering();
    passive.keep(contactAt(1), 0);
    for (const place of [2, 3, 4]) passive.add(contactAt(place), 0);
    expect(picked(passive, 0)).toEqual([1, 3, 4]);
  });

  it("are forgotten after a time, but for those that are kept", () => {
    const passive = remembering();
    passive.keep(contactAt(1), 0);
    passive.add(contactAt(1), 0);
    passive.add(contactAt(2), 0);
    expect(picked(passive, 999_999)).toEqual([1, 2]);
    expect(picked(passive, 1_000_000)).toEqual([1]);
  });

  it("rest after a failure, unless it is urgent", () => {
    const passive = remembering();
    passive.add(contactAt(1), 0);
    passive.noteFailure(contactAt(1), 0);
    expect(picked(passive, 0.8 * ringLimits.RING_STABILIZE_MS - 1)).toEqual([undefined]);
    expect(picked(passive, 0, true)).toEqual([1]);
    expect(picked(passive, 1.2 * ringLimits.RING_STABILIZE_MS)).toEqual([1]);
  });

  it("are one for each node, in its newest life", () => {
    const passive = remembering();
    passive.add(contactAt(1, 2n), 0);
    passive.add(contactAt(1, 1n), 0);
    expect(passive.pick([], everybody, 0, false)?.incarnation).toBe(2n);
    passive.add(contactAt(1, 3n), 0);
    expect(passive.pick([], everybody, 0, false)?.incarnation).toBe(3n);
  });

  it("begin with an old head, and with a stranger once", () => {
    const passive = remembering(9);
    for (const place of [1, 2, 3, 4]) passive.add(contactAt(place), 0);
    passive.addFirst(contactAt(5), 0);
    expect(passive.pick([], everybody, 0, false)?.record).toBe(5);
    passive.noteStranger(contactAt(6));
    expect(passive.pick([], ({ record }) => record === 6, 0, false)?.record).toBe(6);
    expect(passive.pick([], ({ record }) => record === 6, 0, false)).toBeUndefined();
  });

  it("do not hold those that have left", () => {
    const passive = remembering();
    passive.addFirst(contactAt(1), 0);
    passive.forget(contactAt(1));
    expect(picked(passive, 0)).toEqual([undefined]);
  });
});
