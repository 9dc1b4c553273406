// What a run came to, in numbers that can be added up over many runs.

import type { Violation } from "./properties.js";

export interface Counts {
  /** Broadcast frames that honest nodes sent. */
  readonly frames: number;
  /** Broadcasts that honest nodes made. */
  readonly broadcasts: number;
  /** Broadcasts that were refused with QUEUE_FULL. */
  readonly refused: number;
  /** Acceptances of broadcasts. */
  readonly deliveries: number;
  /** Broadcasts that a full queue dropped for a peer. */
  readonly drops: number;
  /** Everything that happened. */
  readonly events: number;
}

export interface RunResult {
  readonly counts: Counts;
  /** Actions that took place, by the name of the fault. */
  readonly faults: Readonly<Record<string, number>>;
  /** Sessions of attackers that honest nodes ended, by code. */
  readonly blamed: Readonly<Record<string, number>>;
  /** Fingerprint of all that was delivered, 16 hexadecimal digits. */
  readonly hash: string;
  readonly violations: readonly Violation[];
}

/** Adds to a count in a record. */
export function countIn(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}
