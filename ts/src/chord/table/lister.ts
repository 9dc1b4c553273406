// Lister: see chapter 8.

import type { Position } from "../position.js";
import type { Contact } from "../contact.js";
import type { ListerOutput } from "./client-types.js";
import type { Refusal, TableAnswer, TableContext } from "./table-types.js";

export interface ListContext extends TableContext {
  /** Id of a key (r[key.id]). */
  readonly keyIdOf: (kind: number, key: Uint8Array) => Uint8Array;
}

export class Lister {
  /** @param start where on the ring it begins. */
  constructor(context: ListContext, start: Position) {
    void [context, start];
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

  poll(): ListerOutput | undefined {
    return undefined;
  }

  /** Nothing more is waited for. */
  get isDone(): boolean {
    return false;
  }
}
