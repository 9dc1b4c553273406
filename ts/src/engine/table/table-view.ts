// What an application says to the table and sees of it.

import type { Code } from "../../gen/registry.js";

/** A record to write. */
export interface TablePut {
  /** 1 shared, 2 owned, 3 immutable. */
  readonly kind: number;
  /** Of kind 2 the name, of kind 3 nothing. */
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** How long it lives, milliseconds. */
  readonly ttlMs: number;
  /** Deletes the key; there is no value. */
  readonly isTombstone: boolean;
  /** Enough when PUT_GROUPS groups hold it, however few nodes they are. */
  readonly isFast: boolean;
  /** To be written again before it expires, as long as this node runs and nobody writes anything newer. */
  readonly isRefreshed: boolean;
}

/** What came of one group of a key: the node that owns one of its positions, and those behind it. */
export interface TableGroup {
  /** Number of the position, from 0. */
  readonly position: number;
  /** Node id of the owner that was asked last. */
  readonly owner?: Uint8Array;
  /** `open` when it was not waited for; a code when it was not reached, or refused. */
  readonly state: "open" | "answered" | Code;
  /** Node ids of those that hold what was written; of a read the one that had the record. */
  readonly holders: readonly Uint8Array[];
}
