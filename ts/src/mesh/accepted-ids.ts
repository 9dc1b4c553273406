// Ids of the broadcasts that an unsigned network has accepted: the only state there is without signatures. Kept for a
// time that is at least what the specification asks, in order of acceptance, with a cap; nothing is forgotten early.

import type { Limits } from "../ports/index.js";
import { AgeList } from "./age-list.js";
import { ByteTable } from "./byte-table.js";

export class AcceptedIds {
  readonly #limits: Limits;
  readonly #keepMs: number;
  readonly #table: ByteTable;
  readonly #ages = new AgeList(0);

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
    this.#ages.add(entry, now);
    return entry;
  }

  #forgetExpired(now: number): void {
    // r[mesh.unsigned.keep] mutate: `this.#keepMs` => `0`
    const kept = now - this.#keepMs;
    for (let entry = this.#ages.takeOlderThan(kept); entry >= 0; entry = this.#ages.takeOlderThan(kept)) {
      this.#table.remove(entry);
    }
  }
}
