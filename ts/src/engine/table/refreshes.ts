// Records that the application wants to outlive their time: each is written again, as a new version, when half of its life is
// over, for as long as nobody has put anything newer in its place. Chapter 8.4.

import { formatHex } from "../../bytes/index.js";
import { compareVersions } from "../../chord/index.js";
import type { TableRecord } from "../../identity/index.js";

export interface RefreshesContext {
  /** Reads what is under the key of a record, and mends it; `UNREACHABLE` when that cannot be known now. */
  readonly read: (record: TableRecord, done: (found: TableRecord | "UNREACHABLE" | undefined) => void) => void;
  /** Writes the same once more, with a new sequence and a new end; undefined when it was not acknowledged. */
  readonly write: (record: TableRecord, done: (written: TableRecord | undefined) => void) => void;
  /** Unix ms. */
  readonly now: () => number;
}

interface Kept {
  readonly record: TableRecord;
  /** When to write it again, unix ms; Infinity while that is under way. */
  dueAt: number;
}

/** The part of its life after which a record is written again, and after which that is tried once more when it failed. */
const refreshPart = 1 / 2;
const retryPart = 1 / 16;
/** However short a life is, it is not written more often. */
const leastWaitMs = 1_000;

export class Refreshes {
  readonly #context: RefreshesContext;
  readonly #kept = new Map<string, Kept>();
  /** Not after the first that is due. */
  #dueAt = Infinity;

  constructor(context: RefreshesContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** A record of this node is stored, and is to stay. */
  add(record: TableRecord): void {
    const kept = { record, dueAt: Infinity };
    this.#kept.set(formatHex(record.keyId), kept);
    this.#wait(kept, refreshPart);
  }

  /** A key is not kept any more. */
  forget(keyId: Uint8Array): void {
    this.#kept.delete(formatHex(keyId));
  }

  #wait(kept: Kept, part: number): void {
    const { issued, expires } = kept.record;
    kept.dueAt = this.#context.now() + Math.max(leastWaitMs, Number(expires - issued) * part);
    this.#dueAt = Math.min(this.#dueAt, kept.dueAt);
  }

  #refresh(key: string, kept: Kept): void {
    const { read, write } = this.#context;
    const { record } = kept;
    const isKept = (): boolean => this.#kept.get(key) === kept;
    kept.dueAt = Infinity;
    read(record, (found) => {
      if (!isKept()) return;
      if (found === "UNREACHABLE") return this.#wait(kept, retryPart);
      if (found !== undefined && compareVersions(found, record) > 0) return void this.#kept.delete(key);
      write(record, (written) => {
        if (!isKept()) return;
        if (written === undefined) this.#wait(kept, retryPart);
        else this.add(written);
      });
    });
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return this.#dueAt;
  }

  wake(now: number): void {
    if (now < this.#dueAt) return;
    this.#dueAt = Infinity;
    for (const [key, kept] of Array.from(this.#kept)) {
      if (kept.dueAt <= now) this.#refresh(key, kept);
      this.#dueAt = Math.min(this.#dueAt, kept.dueAt);
    }
  }

  stop(): void {
    this.#kept.clear();
    this.#dueAt = Infinity;
  }
}
