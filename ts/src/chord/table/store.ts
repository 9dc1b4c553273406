// The port of the store that a member keeps its records in. The machine holds the description of each record in memory and
// leaves the record itself to the store: it writes and reads by effects, so that a disk may take its time.

import type { Code } from "../../gen/registry.js";
import type { TableRecord, TableRecordClaim } from "../../identity/index.js";

/** Where in the chain of a position a member holds a record (8.7). */
export interface Place {
  /** Number of the position. */
  readonly position: number;
  readonly place: number;
  readonly copies: number;
}

/** All of a stored record but its value and signature: what a store hands over when it is opened. */
export interface RecordInfo extends Omit<TableRecordClaim, "value"> {
  readonly keyId: Uint8Array;
  readonly digest: Uint8Array;
  /** Length of the encoded record. */
  readonly recordBytes: number;
  readonly places: readonly Place[];
}

/** One change. A store carries changes out in the order in which they were handed over, each whole or not at all. */
export type StoreWrite =
  /** The record of a key, in place of the one before. */
  | { readonly type: "put"; readonly info: RecordInfo; readonly record: TableRecord }
  /** Only its places have changed. */
  | { readonly type: "places"; readonly info: RecordInfo }
  | { readonly type: "delete"; readonly keyId: Uint8Array };

/** Why a write failed: no room, or the store cannot be used. Then nothing of it is kept. */
export type StoreFailure = Extract<Code, "STORE_FULL" | "REQUEST">;

/** A store, as its driver calls it. `done` is called exactly once, in a later turn or within the call. */
export interface TableStore {
  /** All that it holds, when it was opened; called once, before anything else. */
  load(done: (infos: readonly RecordInfo[]) => void): void;
  /** Writes; `done` when a sudden end of the process loses it no more, if the store outlives the process at all. */
  write(write: StoreWrite, done: (failure: StoreFailure | undefined) => void): void;
  /**
   * Encoded records under key ids, in their order; undefined where there is none, or where it is damaged. Sees every write that
   * was handed over before, durable or not.
   */
  read(keyIds: readonly Uint8Array[], done: (records: readonly (Uint8Array | undefined)[]) => void): void;
}
