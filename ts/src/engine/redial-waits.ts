// How long each node is left alone that this node dialled of its own accord, to no avail or not for long. Section 4.9. Keeps a
// bounded memory of them, in which the one that disappointed longest ago goes first. Addresses have their own rules (1.8).

import type { Limits } from "../ports/index.js";

export type RedialLimits = Pick<Limits, "PEERS_LOOK_MS" | "REDIAL_MIN_MS" | "REDIAL_MAX_MS" | "DIAL_PENALTY_MS">;

/** Nodes remembered. */
const mostNodes = 1024;

interface Wait {
  /** Unix ms. */
  readonly dialledAt: number;
  /** Disappointments in a row. */
  readonly count: number;
  /** Not to be dialled before, unix ms. */
  readonly until: number;
}

const none: Wait = { dialledAt: -Infinity, count: 0, until: 0 };

export class RedialWaits {
  readonly #limits: RedialLimits;
  /** By node id in hex, the one that disappointed last at the end. */
  readonly #waits = new Map<string, Wait>();

  constructor(limits: RedialLimits) {
    this.#limits = limits;
  }

  mayDial(nodeKey: string, now: number): boolean {
    const { dialledAt, until } = this.#waits.get(nodeKey) ?? none;
    return now >= until && now >= dialledAt + this.#limits.PEERS_LOOK_MS;
  }

  dialled(nodeKey: string, now: number): void {
    this.#put(nodeKey, { dialledAt: now });
  }

  /** No address led to a session. */
  failed(nodeKey: string, now: number): void {
    const count = this.#countOf(nodeKey) + 1;
    this.#put(nodeKey, { count, until: now + this.#waitMs(count) });
  }

  /** A session with it has ended: the first time it may be dialled at once, unless it had failed before. */
  lost(nodeKey: string, now: number, wasLong: boolean): void {
    const before = wasLong ? 0 : this.#countOf(nodeKey);
    this.#put(nodeKey, { count: before + 1, until: now + this.#waitMs(before) });
  }

  /** This node wants no more of it for a while. */
  parted(nodeKey: string, now: number): void {
    this.#put(nodeKey, { count: this.#countOf(nodeKey) + 1, until: now + this.#limits.DIAL_PENALTY_MS });
  }

  /** Doubles from REDIAL_MIN_MS to REDIAL_MAX_MS. */
  #waitMs(count: number): number {
    const { REDIAL_MIN_MS, REDIAL_MAX_MS } = this.#limits;
    return count === 0 ? 0 : Math.min(REDIAL_MAX_MS, REDIAL_MIN_MS * 2 ** Math.min(count - 1, 20));
  }

  #countOf(nodeKey: string): number {
    return this.#waits.get(nodeKey)?.count ?? 0;
  }

  #put(nodeKey: string, change: Partial<Wait>): void {
    const wait = { ...(this.#waits.get(nodeKey) ?? none), ...change };
    this.#waits.delete(nodeKey);
    const [first] = this.#waits.keys();
    if (first !== undefined && this.#waits.size >= mostNodes) this.#waits.delete(first);
    this.#waits.set(nodeKey, wait);
  }
}
