// How long each node is left alone that this node dialled of its own accord, to no avail or not for long. Section 4.9. Keeps a
// bounded memory of them, in which the one that disappointed longest ago goes first. Addresses have their own rules (1.8).

import type { Limits } from "../ports/index.js";

export type RedialLimits = Pick<Limits, "REDIAL_MIN_MS" | "REDIAL_MAX_MS" | "DIAL_PENALTY_MS">;

/** Nodes remembered. */
const mostNodes = 1024;

interface Wait {
  /** Disappointments in a row. */
  readonly count: number;
  /** Not to be dialled before, unix ms. */
  readonly until: number;
}

export class RedialWaits {
  readonly #limits: RedialLimits;
  /** By node id in hex, the one that disappointed last at the end. */
  readonly #waits = new Map<string, Wait>();

  constructor(limits: RedialLimits) {
    this.#limits = limits;
  }

  mayDial(nodeKey: string, now: number): boolean {
    return now >= (this.#waits.get(nodeKey)?.until ?? 0);
  }

  /** No address led to a session. */
  failed(nodeKey: string, now: number): void {
    const count = (this.#waits.get(nodeKey)?.count ?? 0) + 1;
    this.#put(nodeKey, { count, until: now + this.#waitMs(count) });
  }

  /** A session with it has ended: the first time it may be dialled at once, unless it had failed before. */
  lost(nodeKey: string, now: number, wasLong: boolean): void {
    const before = wasLong ? 0 : (this.#waits.get(nodeKey)?.count ?? 0);
    this.#put(nodeKey, { count: before + 1, until: now + this.#waitMs(before) });
  }

  /** This node wants no more of it for a while. */
  parted(nodeKey: string, now: number): void {
    const count = this.#waits.get(nodeKey)?.count ?? 0;
    this.#put(nodeKey, { count: count + 1, until: now + this.#limits.DIAL_PENALTY_MS });
  }

  /** Doubles from REDIAL_MIN_MS to REDIAL_MAX_MS. */
  #waitMs(count: number): number {
    const { REDIAL_MIN_MS, REDIAL_MAX_MS } = this.#limits;
    return count === 0 ? 0 : Math.min(REDIAL_MAX_MS, REDIAL_MIN_MS * 2 ** Math.min(count - 1, 20));
  }

  #put(nodeKey: string, wait: Wait): void {
    this.#waits.delete(nodeKey);
    const [first] = this.#waits.keys();
    if (first !== undefined && this.#waits.size >= mostNodes) this.#waits.delete(first);
    this.#waits.set(nodeKey, wait);
  }
}
