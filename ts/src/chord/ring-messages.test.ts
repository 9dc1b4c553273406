// The machine alone: what NOTIFY, LEAVE and audits change.

import { describe, expect, it } from "vitest";
import { at, RingBench } from "../../test/harness/ring-bench.js";
import { contactAt, ringLimits } from "../../test/harness/ring-network.js";

describe("NOTIFY", () => {
  const notified = (bench: RingBench, place: number): string[] => {
    bench.ring.receiveNotify(at(place), bench.now);
    return bench.outputs();
  };
  const predecessor = ({ ring }: RingBench): unknown => ring.snapshot().predecessor?.record;

  it("brings a nearer predecessor, of which the earlier one hears, and changes no list", () => {
    const bench = new RingBench().joined();
    expect(notified(bench, 700)).toEqual(["hint 500"]);
    expect(predecessor(bench)).toBe(700);
    expect(bench.list).toEqual([2_000, 3_000, 4_000]);
  });

  it("brings one that is not nearer only when the old one has failed", () => {
    const bench = new RingBench().joined();
    expect(notified(bench, 300)).toEqual(["state 500"]);
    expect(notified(bench, 400)).toEqual([]);
    expect(bench.state(500)).toEqual([]);
    expect(predecessor(bench)).toBe(500);
    notified(bench, 300);
    notified(bench, 400);
    notified(bench, 350);
    bench.fail("state", 500);
    expect(predecessor(bench)).toBe(400);
  });

  it("of a nearer one ends the question", () => {
    const bench = new RingBench().joined();
    notified(bench, 300);
    notified(bench, 600);
    bench.fail("state", 500);
    expect(predecessor(bench)).toBe(600);
  });

  it("of a later life takes the place of the earlier", () => {
    const bench = new RingBench().joined();
    bench.ring.receiveNotify(contactAt(500, 3n), 0);
    bench.ring.receiveNotify(contactAt(500, 2n), 0);
    expect(bench.ring.snapshot().predecessor?.incarnation).toBe(3n);
  });
});

describe("LEAVE", () => {
  it("of the head is a reason to stabilize at once, without it", () => {
    const bench = new RingBench().joined();
    bench.ring.receiveLeave(at(2_000), 0);
    expect(bench.outputs()).toEqual(["state 3000"]);
    bench.state(3_000, { successors: [at(4_000), at(2_000)] });
    expect(bench.list).toEqual([3_000, 4_000]);
  });

  it("of the predecessor leaves none", () => {
    const bench = new RingBench().joined();
    bench.ring.receiveLeave(at(500), 0);
    expect(bench.ring.snapshot().predecessor).toBeUndefined();
    expect(bench.outputs()).toEqual([]);
  });

  it("is told to predecessor, head and peers, and the node goes a while after the last answer", () => {
    const bench = new RingBench().joined();
    bench.ring.leave(0, [at(2_000), at(9_000)]);
    expect(bench.outputs()).toEqual(["leave 500", "leave 2000", "leave 9000", "phase LEAVING"]);
    expect(bench.ring.deadline).toBe(ringLimits.RING_LEAVE_MS);
    bench.now = 100;
    for (const place of [500, 2_000, 9_000]) bench.fail("leave", place);
    expect(bench.ring.deadline).toBe(100 + 2 * ringLimits.RING_STABILIZE_MS);
    bench.ring.wake(bench.ring.deadline);
    expect(bench.outputs()).toEqual(["left"]);
  });

  it("is not waited for longer than its time", () => {
    const bench = new RingBench().joined();
    bench.ring.leave(0, []);
    bench.ring.wake(ringLimits.RING_LEAVE_MS);
    expect(bench.outputs()).toContain("left");
  });

  it("may be told by a founder whose list is the whole ring", () => {
    const bench = new RingBench();
    expect(bench.ring.mayLeave).toBe(false);
    bench.ring.found(0);
    expect(bench.outputs()).toEqual(["phase FOUNDER"]);
    expect(bench.ring.mayLeave).toBe(true);
    bench.ring.leave(0, []);
    expect(bench.outputs()).toEqual(["phase LEAVING"]);
    // With nobody to tell it serves as long as others.
    expect(bench.ring.deadline).toBe(2 * ringLimits.RING_STABILIZE_MS);
    bench.ring.wake(bench.ring.deadline);
    expect(bench.outputs()).toEqual(["left"]);
  });
});

describe("an audit", () => {
  /** A member that remembers 7,000. */
  const audited = (): RingBench => {
    const bench = new RingBench().joined();
    bench.ring.remember(at(7_000), 0);
    bench.ring.audit(0);
    expect(bench.outputs()).toEqual(["step 7000"]);
    return bench;
  };

  it("finds this node itself and is done", () => {
    expect(audited().owners(7_000, 1_000)).toEqual([]);
  });

  it("notifies one that is not nearer than the head", () => {
    const bench = audited();
    bench.owners(7_000, 2_500);
    expect(bench.state(2_500)).toEqual(["notify 2500"]);
    expect(bench.list).toEqual([2_000, 3_000, 4_000]);
  });

  it("adopts one that is nearer; the next round looks for the old head on its list", () => {
    const bench = audited();
    bench.owners(7_000, 1_700);
    expect(bench.state(1_700)).toEqual(["state 1700"]);
    expect(bench.state(1_700, { successors: [at(5_000)] })).toEqual(["notify 1700"]);
    expect(bench.list).toEqual([1_700, 5_000]);
    bench.hint();
    expect(bench.state(1_700, { successors: [at(5_000)] })).toEqual(["notify 2000", "notify 1700", "hint 500"]);
    bench.hint();
    expect(bench.state(1_700, { successors: [at(5_000)] })).toEqual(["notify 1700"]);
  });

  it("waits with that for the end of a round", () => {
    const bench = audited();
    bench.owners(7_000, 1_700);
    bench.hint();
    expect(bench.state(1_700)).toEqual([]);
    expect(bench.state(2_000)).toEqual(["notify 2000", "hint 500", "state 1700"]);
  });
});
