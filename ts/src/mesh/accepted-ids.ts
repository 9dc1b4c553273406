// Ids of the broadcasts that an unsigned network has accepted: the only state there is without signatures. Kept for a
// time that is at least what the specification asks, in order of acceptance, with a cap; nothing is forgotten early.

import type { Limits } from "../ports/index.js";
import { ByteTable } from "./byte-table.js";

/** Ids are forgotten in bunches of at least this share of the table, since a removal costs as much as the table is large. */
const bunches = 64;

export class AcceptedIds {
  readonly #limits: Limits;
  readonly #keepMs: number;
  readonly #table: ByteTable;
  /** Entries in the order of acceptance, with their times. */
  #entries: number[] = [];
  #times: number[] = [];

  constructor(limits: Limits, keepMs: number, seed: number) {
    this.#limits = limits;
    this.#keepMs = keepMs;
    this.#table = new ByteTable(seed);
  }

  get known(): number {
    return this.#table.size;
  }

  /** Entry of an id of 32 bytes, or −1. */
  find(id: Uint8Array): number {
    return this.#table.find(id, 0);
  }

  /** Whether another id can be remembered. */
  hasPlace(now: number): boolean {
    if (this.known >= this.#limits.UNSIGNED_IDS) this.#forgetExpired(now);
    // r[mesh.unsigned.full]
    if (this.known >= this.#limits.UNSIGNED_IDS) return false;
    return true;
  }

  /** Remembers an id; answers its entry. */
  add(id: Uint8Array, now: number): number {
    const entry = this.#table.add(id, 0);
    this.#entries.push(entry);
    this.#times.push(now);
    return entry;
  }

  #forgetExpired(now: number): void {
    // r[mesh.unsigned.keep] mutate: `this.#keepMs` => `0`
    const expired = this.#acceptedBefore(now - this.#keepMs);
    if (expired === 0 || expired * bunches < this.known) return;
    this.#table.remove(this.#entries.slice(0, expired));
    this.#entries = this.#entries.slice(expired);
    this.#times = this.#times.slice(expired);
  }

  /** How many were accepted before a time, by bisection. */
  #acceptedBefore(time: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
