// One ring machine whose outputs a test reads as text and answers by hand.

import { Ring, type Contact, type RingOutput, type Snapshot } from "../../src/chord/index.js";
import { Prng } from "../../src/sim/prng.js";
import { contactAt, ringLimits } from "./ring-network.js";

export const at = (place: number): Contact => contactAt(place);
const quarterMs = ringLimits.RING_STABILIZE_MS / 4;

function snapshot(place: number, change: Partial<Snapshot> = {}): Snapshot {
  return { phase: "MEMBER", self: at(place), predecessor: undefined, successors: [], wraps: false, ...change };
}

/** A machine at place 1,000 with a view of what it wants. */
export class RingBench {
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
