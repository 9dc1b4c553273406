// A network of ring machines in memory: requests and one-way messages are delivered in the order in which they were made, and
// time goes on only when nothing is left to deliver. A node that is down answers nothing: requests to it fail.

import {
  Lookup,
  Position,
  Ring,
  type Contact,
  type LookupResult,
  type RingLimits,
  type RingOutput,
} from "../../src/chord/index.js";
import { Prng } from "../../src/sim/prng.js";

export const ringLimits: RingLimits = {
  RING_STABILIZE_MS: 5_000,
  RING_STABILIZE_QUIET_MS: 30_000,
  RING_AUDIT_MS: 60_000,
  RING_WALK: 8,
  RING_JOIN_MIN_MS: 500,
  RING_JOIN_MAX_MS: 30_000,
  RING_LEAVE_MS: 10_000,
  RING_PASSIVE: 256,
  RING_PASSIVE_KEEP_MS: 86_400_000,
  STEP_RECORDS: 4,
  LOOKUP_PARALLEL: 2,
  LOOKUP_HOPS: 64,
  LOOKUP_MS: 10_000,
};

/** A position whose first two bytes are given: small rings are easier to read so. */
export function positionAt(place: number): Position {
  const bytes = new Uint8Array(32);
  bytes[0] = place >>> 8;
  bytes[1] = place & 255;
  return Position.fromBytes(bytes);
}

/** A node at a place from 0 to 65,535. */
export function contactAt(place: number, incarnation = 1n): Contact {
  return { key: place.toString(16).padStart(4, "0"), position: positionAt(place), incarnation, record: place };
}

export interface Member {
  readonly contact: Contact;
  readonly ring: Ring;
  isUp: boolean;
  hasLeft: boolean;
  /** All that came out of the machine. */
  readonly seen: RingOutput[];
}

export class RingNetwork {
  now = 0;
  readonly #members = new Map<string, Member>();
  readonly #queue: (() => void)[] = [];
  readonly #prng = new Prng(7);
  readonly #r: number;

  constructor(r = 4) {
    this.#r = r;
  }

  /** A node that does nothing yet; a further one at the same place takes it over. */
  add(place: number, incarnation = 1n): Member {
    const contact = contactAt(place, incarnation);
    const ring = new Ring({ self: contact, random: this.#prng, limits: ringLimits, r: this.#r });
    const member: Member = { contact, ring, isUp: true, hasLeft: false, seen: [] };
    this.#members.set(contact.key, member);
    return member;
  }

  /** Nodes that are up, in the order of their positions. */
  get up(): Member[] {
    return [...this.#members.values()]
      .filter(({ isUp, hasLeft }) => isUp && !hasLeft)
      .sort((a, b) => a.contact.position.compare(b.contact.position));
  }

  #drain(from: Member): void {
    for (let output = from.ring.poll(); output !== undefined; output = from.ring.poll()) {
      from.seen.push(output);
      if (output.type === "left") from.hasLeft = true;
      else if (output.type !== "phase") {
        const sent = output;
        this.#queue.push(() => this.#deliver(from, sent));
      }
    }
  }

  #deliver(from: Member, output: Exclude<RingOutput, { type: "phase" | "left" }>): void {
    const to = this.#members.get(output.to.key);
    const isThere = to !== undefined && to.isUp && !to.hasLeft;
    if (!from.isUp) return;
    if (output.type === "notify" || output.type === "hint") {
      if (!isThere) return;
      if (output.type === "notify") to.ring.receiveNotify(from.contact, this.now);
      else to.ring.receiveHint(this.now);
      return this.#drain(to);
    }
    const answer = isThere ? this.#answer(to, from, output) : undefined;
    if (!isThere || (output.type === "step" && answer === undefined)) from.ring.failed(output.handle, this.now);
    else from.ring.answered(output.handle, answer, this.now);
    this.#drain(from);
  }

  #answer(to: Member, from: Member, output: RingOutput): ReturnType<Ring["step"] | Ring["snapshot"]> {
    if (output.type === "state") return to.ring.snapshot();
    if (output.type === "step") return to.ring.step(output.target);
    to.ring.receiveLeave(from.contact, this.now);
    this.#drain(to);
    return undefined;
  }

  /** Gives a machine some input. */
  tell(member: Member, input: (ring: Ring, now: number) => void): void {
    input(member.ring, this.now);
    this.#drain(member);
    this.settle();
  }

  /** Delivers what is under way. */
  settle(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
  }

  /** Lets time pass. */
  run(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      this.settle();
      const due = this.up.reduce((least, { ring }) => Math.min(least, ring.deadline), Infinity);
      if (due > until) break;
      this.now = Math.max(this.now, due);
      for (const member of this.up) {
        if (member.ring.deadline > this.now) continue;
        member.ring.wake(this.now);
        this.#drain(member);
      }
    }
    this.now = until;
  }

  /** What of the members' lists and predecessors is not as it would be in the one right ring of those that are up. */
  faults(): string[] {
    const members = this.up;
    return members.flatMap(({ contact, ring }, at) => {
      const { successors, predecessor, wraps } = ring.snapshot();
      const after = [...members.slice(at + 1), ...members.slice(0, at)].map((member) => member.contact.key);
      const before = after.at(-1);
      const shown = `${successors.map(({ key }) => key).join(" ")}${wraps ? " wraps" : ""}`;
      const expected = `${after.slice(0, this.#r).join(" ")}${after.length <= this.#r ? " wraps" : ""}`;
      const faults: string[] = [];
      if (shown !== expected) faults.push(`${contact.key}: ${shown} instead of ${expected}`);
      if (predecessor?.key !== before) faults.push(`${contact.key}: after ${predecessor?.key} instead of ${before}`);
      return faults;
    });
  }

  /** A lookup of a member, answered at once. */
  lookUp(from: Member, place: number): LookupResult | undefined {
    const target = positionAt(place);
    const lookup = new Lookup({ self: from.contact, target, limits: ringLimits }, this.now);
    const own = from.ring.step(target);
    if (own === undefined) return undefined;
    lookup.beginWith(own, from.ring.snapshot().successors);
    for (let output = lookup.poll(); output !== undefined; output = lookup.poll()) {
      const to = this.#members.get(output.to.key);
      const step = output.type === "step" && to?.isUp === true ? to.ring.step(target) : undefined;
      if (to?.isUp !== true || to.hasLeft) lookup.fail(output.to, output.type);
      else if (output.type === "state") lookup.receiveState(output.to, to.ring.snapshot());
      else if (step === undefined) lookup.fail(output.to, "step");
      else lookup.receiveStep(output.to, step);
    }
    return lookup.result;
  }
}
