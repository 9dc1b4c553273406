// Reader: see chapter 8.

import type { VersionsSeen } from "./versions-seen.js";
import type { Contact } from "../contact.js";
import type { ReaderOutput } from "./client-types.js";
import type { Refusal, TableAnswer, TableContext } from "./table-types.js";

export interface ReadWish {
  readonly kind: number;
  readonly keyId: Uint8Array;
  /** Whatever is read was asked for by nobody: nothing is remembered as given to the application. */
  readonly isCheck?: boolean;
}

export class Reader {
  constructor(context: TableContext, seen: VersionsSeen, wish: ReadWish) {
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

  poll(): ReaderOutput | undefined {
    return undefined;
  }

  /** Nothing more is waited for. */
  get isDone(): boolean {
    return false;
  }
}
