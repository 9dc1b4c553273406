// The machine alone: what it asks, in which order, and what changes it.

import { describe, expect, it } from "vitest";
import { contactAt, positionAt, ringLimits } from "../../test/harness/ring-network.js";
import { Prng } from "../sim/prng.js";
import type { Contact } from "./contact.js";
import { Ring } from "./ring.js";
import type { RingOutput, Snapshot } from "./ring-types.js";

const at = (place: number): Contact => contactAt(place);
const quarterMs = ringLimits.RING_STABILIZE_MS / 4;

function snapshot(place: number, change: Partial<Snapshot> = {}): Snapshot {
  return { phase: "MEMBER", self: at(place), predecessor: undefined, successors: [], wraps: false, ...change };
}

/** A machine at place 1,000 with a view of what it wants. */
class Bench {
  readonly ring: Ring;
  now = 0;
  readonly #open: RingOutput[] = [];

  constructor(r = 4) {
    this.ring = new Ring({ self: at(1_000), random: new Prng(5), limits: ringLimits, r });
  }

  /** Outputs since the last call, as text; requests stay open. */
  outputs(): string[] {
    const seen: string[] = [];
    for (let output = this.ring.poll(); output !== undefined; output = this.ring.poll()) {
      if (output.type === "phase") seen.push(`phase ${output.phase}`);
      else if (output.type === "left") seen.push("left");
      else {
        seen.push(`${output.type} ${String(output.to.record)}`);
        this.#open.push(output);
      }
    }
    return seen;
  }

  #take(type: string, place: number): number {
    const found = this.#open.findIndex((open) => open.type === type && "to" in open && open.to.record === place);
    const [request] = this.#open.splice(found, 1);
    if (found < 0 || request === undefined || !("handle" in request)) throw new Error(`${type} ${place} was not asked`);
    return request.handle;
  }

  state(place: number, change: Partial<Snapshot> = {}): string[] {
    this.ring.answered(this.#take("state", place), snapshot(place, change), this.now);
    return this.outputs();
  }

  owners(place: number, ...owners: number[]): string[] {
    this.ring.answered(this.#take("step", place), { owners: owners.map(at), next: [] }, this.now);
    return this.outputs();
  }

  next(place: number, ...next: number[]): string[] {
    this.ring.answered(this.#take("step", place), { owners: [], next: next.map(at) }, this.now);
    return this.outputs();
  }

  fail(type: string, place: number): string[] {
    this.ring.failed(this.#take(type, place), this.now);
    return this.outputs();
  }

  get list(): unknown[] {
    return this.ring.snapshot().successors.map(({ record }) => record);
  }

  /** Joins between 500 and 2,000, and ends the first round. */
  joined(list: readonly number[] = [2_000, 3_000, 4_000], change: Partial<Snapshot> = {}): this {
    this.ring.join([at(500)], this.now);
    this.outputs();
    this.owners(500, ...list.slice(0, 4));
    this.state(500, { successors: list.map(at), ...change });
    this.state(list[0] as number, { successors: list.slice(1).map(at) });
    this.state(list[0] as number, { successors: list.slice(1).map(at) });
    return this;
  }

  /** Begins a round for a HINT. */
  hint(): string[] {
    this.now += quarterMs;
    this.ring.receiveHint(this.now);
    return this.outputs();
  }
}

describe("joining", () => {
  it("has the node before confirm, asks the head, and stabilizes", () => {
    const bench = new Bench();
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
    const bench = new Bench();
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
    const bench = new Bench();
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
    const bench = new Bench();
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
    const bench = new Bench();
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
    const bench = new Bench();
    expect(bench.ring.step(positionAt(5))).toBeUndefined();
    expect(bench.joined().ring.step(positionAt(1_500))?.owners).toHaveLength(3);
  });
});

describe("a round", () => {
  it("asks the head, walks back to whoever stands between, and notifies", () => {
    const bench = new Bench().joined();
    expect(bench.hint()).toEqual(["state 2000"]);
    expect(bench.state(2_000, { predecessor: at(1_800), successors: [at(3_000)] })).toEqual(["state 1800"]);
    expect(bench.state(1_800, { predecessor: at(1_600), successors: [at(2_000)] })).toEqual(["state 1600"]);
    // News of the list travel back.
    expect(bench.fail("state", 1_600)).toEqual(["notify 1800", "hint 500"]);
    expect(bench.list).toEqual([1_800, 2_000]);
  });

  it("walks so far and no farther", () => {
    const bench = new Bench().joined();
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
    const bench = new Bench().joined([2_000, 3_000, 4_000, 5_000]);
    bench.hint();
    expect(bench.fail("state", 2_000)).toEqual(["state 3000"]);
    expect(bench.state(3_000, { phase: "JOINING" })).toEqual(["state 4000"]);
    expect(bench.state(4_000, { self: contactAt(4_000, 2n) })).toEqual(["state 5000"]);
    expect(bench.state(5_000, { successors: [at(6_000)] })).toEqual(["notify 5000", "hint 500"]);
    expect(bench.list).toEqual([5_000, 6_000]);
  });

  it("drops a leaving head when another answers", () => {
    const bench = new Bench().joined();
    bench.hint();
    expect(bench.state(2_000, { phase: "LEAVING" })).toEqual(["state 3000"]);
    expect(bench.state(3_000)).toEqual(["notify 3000", "hint 500"]);
    expect(bench.list).toEqual([3_000]);
  });

  it("keeps a leaving head when no other answers", () => {
    const bench = new Bench().joined([2_000, 3_000]);
    bench.hint();
    bench.state(2_000, { phase: "LEAVING" });
    expect(bench.fail("state", 3_000)).toEqual(["state 2000"]);
    expect(bench.state(2_000, { phase: "LEAVING", successors: [at(6_000)] })).toEqual(["notify 2000", "hint 500"]);
    expect(bench.list).toEqual([2_000, 6_000]);
  });

  it("leaves a ring of one when all have failed, that adopts its predecessor", () => {
    const bench = new Bench().joined([2_000]);
    bench.hint();
    // An audit begins at once, through the one that failed last.
    expect(bench.fail("state", 2_000)).toEqual(["hint 500", "step 2000"]);
    expect(bench.ring.snapshot()).toMatchObject({ phase: "MEMBER", successors: [], wraps: true });
    expect(bench.hint()).toEqual(["state 500"]);
    expect(bench.state(500, { successors: [at(1_000)] })).toEqual(["notify 500", "hint 500"]);
    expect(bench.ring.snapshot()).toMatchObject({ successors: [{ record: 500 }], wraps: true });
  });

  it("is one at a time, and a second HINT waits", () => {
    const bench = new Bench().joined();
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
    const bench = new Bench().joined();
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
    const bench = new Bench().joined();
    bench.hint();
    bench.ring.leave(bench.now, []);
    const before = bench.ring.snapshot();
    bench.state(2_000, { successors: [at(2_500)] });
    expect(bench.ring.snapshot()).toBe(before);
  });
});

describe("NOTIFY", () => {
  const notified = (bench: Bench, place: number): string[] => {
    bench.ring.receiveNotify(at(place), bench.now);
    return bench.outputs();
  };
  const predecessor = ({ ring }: Bench): unknown => ring.snapshot().predecessor?.record;

  it("brings a nearer predecessor, and changes no list", () => {
    const bench = new Bench().joined();
    expect(notified(bench, 700)).toEqual([]);
    expect(predecessor(bench)).toBe(700);
    expect(bench.list).toEqual([2_000, 3_000, 4_000]);
  });

  it("brings one that is not nearer only when the old one has failed", () => {
    const bench = new Bench().joined();
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
    const bench = new Bench().joined();
    notified(bench, 300);
    notified(bench, 600);
    bench.fail("state", 500);
    expect(predecessor(bench)).toBe(600);
  });

  it("of a later life takes the place of the earlier", () => {
    const bench = new Bench().joined();
    bench.ring.receiveNotify(contactAt(500, 3n), 0);
    bench.ring.receiveNotify(contactAt(500, 2n), 0);
    expect(bench.ring.snapshot().predecessor?.incarnation).toBe(3n);
  });
});

describe("LEAVE", () => {
  it("of the head is a reason to stabilize at once, without it", () => {
    const bench = new Bench().joined();
    bench.ring.receiveLeave(at(2_000), 0);
    expect(bench.outputs()).toEqual(["state 3000"]);
    bench.state(3_000, { successors: [at(4_000), at(2_000)] });
    expect(bench.list).toEqual([3_000, 4_000]);
  });

  it("of the predecessor leaves none", () => {
    const bench = new Bench().joined();
    bench.ring.receiveLeave(at(500), 0);
    expect(bench.ring.snapshot().predecessor).toBeUndefined();
    expect(bench.outputs()).toEqual([]);
  });

  it("is told to predecessor, head and peers, and the node goes a while after the last answer", () => {
    const bench = new Bench().joined();
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
    const bench = new Bench().joined();
    bench.ring.leave(0, []);
    bench.ring.wake(ringLimits.RING_LEAVE_MS);
    expect(bench.outputs()).toContain("left");
  });

  it("may be told by a founder whose list is the whole ring", () => {
    const bench = new Bench();
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
  const audited = (): Bench => {
    const bench = new Bench().joined();
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
