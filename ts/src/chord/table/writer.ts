// Writer: see chapter 8.

import type { TableRecord } from "../../identity/index.js";
import type { VersionsSeen } from "./versions-seen.js";
import type { Contact } from "../contact.js";
import type { WriterOutput } from "./client-types.js";
import type { Refusal, TableAnswer, TableContext } from "./table-types.js";

export interface WriteWish {
  readonly record: TableRecord;
  /** Enough when PUT_GROUPS groups hold it. */
  readonly isFast?: boolean;
}

export class Writer {
  /** @param wish what is written; `isFast`: at three groups, however few nodes hold it. */
  constructor(context: TableContext, seen: VersionsSeen, wish: WriteWish) {
    void [context, seen, wish];
  }

  begin(now: number): void {
    void now;
  }

  /** A lookup has ended at these owners, who owns the position first. */
  found(handle: number, owners: readonly Contact[], now: number): void {
    void [handle, owners, now];
  }

  /** A lookup has failed. */
  lost(handle: number, now: number): void {
    void [handle, now];
  }

  answered(handle: number, answer: TableAnswer, now: number): void {
    void [handle, answer, now];
  }

  /** No answer, or none that may be used: a record that is refused is none. */
  failed(handle: number, code: Refusal, now: number): void {
    void [handle, code, now];
  }

  wake(now: number): void {
    void now;
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return Infinity;
  }

  poll(): WriterOutput | undefined {
    return undefined;
  }

  /** Nothing more is waited for. */
  get isDone(): boolean {
    return false;
  }
}
