// The machine alone, joining and in its rounds: what it asks, in which order, and what changes it.

import { describe, expect, it } from "vitest";
import { at, RingBench } from "../../test/harness/ring-bench.js";
import { contactAt, positionAt, ringLimits } from "../../test/harness/ring-network.js";
import type { Snapshot } from "./ring-types.js";

const quarterMs = ringLimits.RING_STABILIZE_MS / 4;

describe("joining", () => {
  it("has the node before confirm, asks the head, and stabilizes", () => {
    const bench = new RingBench();
    bench.ring.join([at(500)], 0);
    expect(bench.outputs()).toEqual(["step 500"]);
    expect(bench.owners(500, 2_000, 3_000)).toEqual(["state 500"]);
    expect(bench.state(500, { successors: [at(2_000), at(3_000)] })).toEqual(["state 2000"]);
    expect(bench.ring.held?.self.record).toBe(500);
    expect(bench.state(2_000)).toEqual(["state 2000", "phase MEMBER"]);
    expect(bench.ring.held).toBeUndefined();
    expect(bench.list).toEqual([2_000, 3_000]);
    expect(bench.ring.snapshot().predecessor?.record).toBe(500);
    // The node before hears of it when the head knows.
    expect(bench.state(2_000, { successors: [at(3_000)] }).slice(0, 2)).toEqual(["notify 2000", "hint 500"]);
  });

  it("begins again at a node that others name by an earlier life", () => {
    const bench = new RingBench();
    bench.ring.join([at(300)], 0);
    bench.outputs();
    bench.next(300, 500);
    bench.owners(500, 2_000);
    const reborn = contactAt(500, 2n);
    expect(bench.state(500, { self: reborn })).toEqual([]);
    bench.now = bench.ring.deadline;
    bench.ring.wake(bench.now);
    expect(bench.outputs()).toEqual(["step 500"]);
  });

  it("passes over entries that do not answer, or are on their way out", () => {
    const bench = new RingBench();
    bench.ring.join([at(500)], 0);
    bench.outputs();
    bench.owners(500, 2_000);
    bench.state(500, { successors: [2_000, 3_000, 4_000].map(at), wraps: true });
    expect(bench.fail("state", 2_000)).toEqual(["state 3000"]);
    expect(bench.state(3_000, { phase: "LEAVING" })).toEqual(["state 4000"]);
    bench.state(4_000);
    expect(bench.list).toEqual([4_000, 500]);
  });

  it.each<[string, Partial<Snapshot>]>([
    ["is not before it any more", { successors: [at(900)] }],
    ["is joining itself", { phase: "JOINING" }],
    ["is leaving", { phase: "LEAVING", successors: [at(2_000)] }],
    ["still lists an earlier life of it", { successors: [at(1_000), at(2_000)] }],
    ["has no list", {}],
  ])("begins again when the node before %s", (_, change) => {
    const bench = new RingBench();
    bench.ring.join([at(500)], 0);
    bench.outputs();
    bench.owners(500, 2_000);
    expect(bench.state(500, change)).toEqual([]);
    expect(bench.ring.deadline).toBeGreaterThanOrEqual(0.8 * ringLimits.RING_JOIN_MIN_MS);
    expect(bench.ring.deadline).toBeLessThanOrEqual(1.2 * ringLimits.RING_JOIN_MIN_MS);
    bench.ring.wake(bench.ring.deadline);
    expect(bench.outputs()).toEqual(["step 500"]);
  });

  it("tries its contacts in turn, a new one at once", () => {
    const bench = new RingBench();
    bench.ring.join([], 0);
    expect(bench.ring.deadline).toBe(Infinity);
    bench.ring.join([at(500)], 0);
    expect(bench.outputs()).toEqual(["step 500"]);
    expect(bench.fail("step", 500)).toEqual([]);
    bench.ring.join([at(600)], 0);
    expect(bench.outputs()).toEqual(["step 600"]);
    bench.fail("step", 600);
    bench.ring.wake(bench.ring.deadline);
    expect(bench.outputs()).toEqual(["step 500"]);
  });

  it("answers STEP only afterwards", () => {
    const bench = new RingBench();
    expect(bench.ring.step(positionAt(5))).toBeUndefined();
    expect(bench.joined().ring.step(positionAt(1_500))?.owners).toHaveLength(3);
  });
});

describe("a round", () => {
  it("asks the head, walks back to whoever stands between, and notifies", () => {
    const bench = new RingBench().joined();
    expect(bench.hint()).toEqual(["state 2000"]);
    expect(bench.state(2_000, { predecessor: at(1_800), successors: [at(3_000)] })).toEqual(["state 1800"]);
    expect(bench.state(1_800, { predecessor: at(1_600), successors: [at(2_000)] })).toEqual(["state 1600"]);
    // News of the list travel back.
    expect(bench.fail("state", 1_600)).toEqual(["notify 1800", "hint 500"]);
    expect(bench.list).toEqual([1_800, 2_000]);
  });

  it("walks so far and no farther", () => {
    const bench = new RingBench().joined();
    bench.hint();
    let place = 2_000;
    let seen = bench.state(place, { predecessor: at(place - 10) });
    let steps = 0;
    while (seen[0]?.startsWith("state")) {
      steps++;
      place -= 10;
      seen = bench.state(place, { predecessor: at(place - 10) });
    }
    expect(steps).toBe(ringLimits.RING_WALK);
    expect(seen).toEqual([`notify ${place}`, "hint 500"]);
  });

  it("goes on with the next entry when the head fails, is joining or another life of its node", () => {
    const bench = new RingBench().joined([2_000, 3_000, 4_000, 5_000]);
    bench.hint();
    expect(bench.fail("state", 2_000)).toEqual(["state 3000"]);
    expect(bench.state(3_000, { phase: "JOINING" })).toEqual(["state 4000"]);
    expect(bench.state(4_000, { self: contactAt(4_000, 2n) })).toEqual(["state 5000"]);
    expect(bench.state(5_000, { successors: [at(6_000)] })).toEqual(["notify 5000", "hint 500"]);
    expect(bench.list).toEqual([5_000, 6_000]);
  });

  it("drops a leaving head when another answers", () => {
    const bench = new RingBench().joined();
    bench.hint();
    expect(bench.state(2_000, { phase: "LEAVING" })).toEqual(["state 3000"]);
    expect(bench.state(3_000)).toEqual(["notify 3000", "hint 500"]);
    expect(bench.list).toEqual([3_000]);
  });

  it("keeps a leaving head when no other answers", () => {
    const bench = new RingBench().joined([2_000, 3_000]);
    bench.hint();
    bench.state(2_000, { phase: "LEAVING" });
    expect(bench.fail("state", 3_000)).toEqual(["state 2000"]);
    expect(bench.state(2_000, { phase: "LEAVING", successors: [at(6_000)] })).toEqual(["notify 2000", "hint 500"]);
    expect(bench.list).toEqual([2_000, 6_000]);
  });

  it("leaves a ring of one when all have failed, that adopts its predecessor", () => {
    const bench = new RingBench().joined([2_000]);
    bench.hint();
    // An audit begins at once, through the one that failed last.
    expect(bench.fail("state", 2_000)).toEqual(["hint 500", "step 2000"]);
    expect(bench.ring.snapshot()).toMatchObject({ phase: "MEMBER", successors: [], wraps: true });
    expect(bench.hint()).toEqual(["state 500"]);
    expect(bench.state(500, { successors: [at(1_000)] })).toEqual(["notify 500", "hint 500"]);
    expect(bench.ring.snapshot()).toMatchObject({ successors: [{ record: 500 }], wraps: true });
  });

  it("is one at a time, and a second HINT waits", () => {
    const bench = new RingBench().joined();
    expect(bench.hint()).toEqual(["state 2000"]);
    bench.ring.receiveHint(bench.now);
    bench.ring.suspect(at(2_000), bench.now);
    expect(bench.outputs()).toEqual([]);
    // The end of the session with the head made another round due; the HINT waits still.
    expect(bench.state(2_000)).toEqual(["notify 2000", "hint 500", "state 2000"]);
    expect(bench.state(2_000)).toEqual(["notify 2000"]);
    bench.now += quarterMs;
    bench.ring.wake(bench.now);
    expect(bench.outputs()).toEqual(["state 2000"]);
  });

  it("comes by itself, the later the quieter it is", () => {
    const bench = new RingBench().joined();
    let last = bench.now;
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      while (!bench.outputs().includes("state 2000")) bench.ring.wake((bench.now = bench.ring.deadline));
      waits.push(bench.now - last);
      last = bench.now;
      bench.state(2_000, { successors: [3_000, 4_000].map(at) });
    }
    expect(waits[0]).toBeLessThanOrEqual(1.2 * 1.5 * ringLimits.RING_STABILIZE_MS);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(0.8 * ringLimits.RING_STABILIZE_QUIET_MS);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1.2 * ringLimits.RING_STABILIZE_QUIET_MS);
  });

  it("that is over takes no late answers", () => {
    const bench = new RingBench().joined();
    bench.hint();
    bench.ring.leave(bench.now, []);
    const before = bench.ring.snapshot();
    bench.state(2_000, { successors: [at(2_500)] });
    expect(bench.ring.snapshot()).toBe(before);
  });
});
