// What a writer, a reader and a lister of the table exchange with the layer above.

import type { Code } from "../../gen/registry.js";
import type { TableRecord } from "../../identity/index.js";
import type { Contact } from "../contact.js";
import type { Position } from "../position.js";
import type { KeyName, TableRequest } from "./table-types.js";

/**
 * What the layer above is to do, answered once each: `lookup` by `found` or `lost`, `ask` by `answered` or `failed`. Who drives
 * drains `poll()` after each input; nothing more comes once `isDone`.
 */
export type ClientOutput =
  /**
   * Look up a position; wanted are its owners as its predecessor names them, the one that answered STATE first. A tentative
   * lookup may leave that out, and take what was seen a moment ago: what the owner is asked next shows whether it is one.
   */
  | { readonly type: "lookup"; readonly handle: number; readonly target: Position; readonly isTentative?: boolean }
  | { readonly type: "ask"; readonly handle: number; readonly to: Contact; readonly request: TableRequest };

/** What came of one group of a key. */
export interface GroupResult {
  /** Number of the position. */
  readonly position: number;
  /** The owner that was asked last, node id in hex. */
  readonly owner: string | undefined;
  /** Open while it is waited for; a code when the group was not reached or refused. */
  readonly state: "open" | "answered" | Code;
  /** Node ids in hex of those that hold what was written; of a read the one that answered with the record. */
  readonly holders: readonly string[];
}

export type WriterOutput =
  | ClientOutput
  /** The record is stored as r[table.put.acknowledged] asks for; once. */
  | { readonly type: "stored"; readonly result: WriteResult }
  /** It is not, and nothing is left to try; once, instead. */
  | { readonly type: "failed"; readonly code: Code; readonly result: WriteResult }
  /** A newer record that came after `stored`. */
  | { readonly type: "newer"; readonly record: TableRecord };

export interface WriteResult {
  readonly groups: readonly GroupResult[];
  /** Node ids in hex of all that hold it. */
  readonly holders: readonly string[];
  /** All members of the ring hold it. */
  readonly whole: boolean;
  /** The record that this one lost to. */
  readonly newer: TableRecord | undefined;
}

export type ReaderOutput =
  | ClientOutput
  /** Undefined: there is nothing. A tombstone is reported as such: nothing for the application. Once. */
  | { readonly type: "got"; readonly record: TableRecord | undefined; readonly groups: readonly GroupResult[] }
  /** STALE or UNREACHABLE; once, instead. */
  | { readonly type: "failed"; readonly code: Code; readonly groups: readonly GroupResult[] };

export type ListerOutput =
  | ClientOutput
  /** Some of the keys; each comes once. */
  | { readonly type: "keys"; readonly keys: readonly KeyName[] }
  /** The ring is round. */
  | { readonly type: "end" }
  | { readonly type: "failed"; readonly code: Code };
