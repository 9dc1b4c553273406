// The member's side of the table: chapter 8 without its clients. Holds records where they belong, passes them on, and answers
// for them. Knows records that were found good, contacts and snapshots of the ring; bytes, signatures, sessions and files
// belong to the layer above. Inputs return nothing: after each, drain `poll()`, then read `deadline`.

import type { TableRecord } from "../../identity/index.js";
import type { Snapshot } from "../ring-types.js";
import type { KeeperOutput } from "./keeper-types.js";
import type { RecordInfo, StoreFailure } from "./store.js";
import type { Asker, KeeperContext, Refusal, TableAnswer, TableRequest } from "./table-types.js";

export class Keeper {
  constructor(context: KeeperContext) {
    void context;
  }

  /** What the store holds: before all else. */
  load(infos: readonly RecordInfo[], now: number): void {
    void [infos, now];
  }

  /** The ring has changed, or has been seen for the first time: call it whenever `ring.snapshot()` is another object. */
  ringChanged(snapshot: Snapshot, now: number): void {
    void [snapshot, now];
  }

  /** A request came; it is answered or refused under this number. Records in it were found good, but for their time. */
  receive(request: number, from: Asker, what: TableRequest, now: number): void {
    void [request, from, what, now];
  }

  /** A request is not waited for any more. */
  giveUp(request: number): void {
    void request;
  }

  /** A node is no peer any more. @param key its node id in hex. */
  forget(key: string): void {
    void key;
  }

  answered(handle: number, answer: TableAnswer, now: number): void {
    void [handle, answer, now];
  }

  failed(handle: number, code: Refusal, now: number): void {
    void [handle, code, now];
  }

  written(handle: number, failure: StoreFailure | undefined, now: number): void {
    void [handle, failure, now];
  }

  wasRead(handle: number, records: readonly (TableRecord | undefined)[], now: number): void {
    void [handle, records, now];
  }

  checked(handle: number, now: number): void {
    void [handle, now];
  }

  /** Hands over what this node owns, before it leaves the ring: `handed` comes when that is done. */
  leave(now: number): void {
    void now;
  }

  wake(now: number): void {
    void now;
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return Infinity;
  }

  poll(): KeeperOutput | undefined {
    return undefined;
  }

  /** Records held, tombstones too, and their bytes. */
  get size(): { readonly records: number; readonly bytes: number } {
    return { records: 0, bytes: 0 };
  }
}
