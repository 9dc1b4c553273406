// The records of a member as it keeps them in mind: descriptions by key id, and in the order of their positions. The records
// themselves lie in the store.

import { formatHex } from "../../bytes/index.js";
import type { TableRecord } from "../../identity/index.js";
import type { Position } from "../position.js";
import { OrderedPlaces } from "./ordered-places.js";
import type { Place, RecordInfo } from "./store.js";

/** A key with its record. */
export interface Held {
  /** Key id in hex. */
  readonly id: string;
  readonly keyId: Uint8Array;
  readonly positions: readonly Position[];
  info: RecordInfo;
  /** What a sudden end of the process leaves. */
  durable: RecordInfo | undefined;
  /** Writes that are not durable yet. */
  pending: number;
  /** Wait until none is pending. */
  readonly waiters: ((now: number) => void)[];
  /** By number of the position: who is known to hold this record next in the chain, and at which place. */
  readonly sent: (string | undefined)[];
  /** Prefix of whoever brought the key. */
  readonly prefix: string | undefined;
}

/** A record at one of its positions. */
export interface HeldPlace {
  readonly held: Held;
  /** Number of the position. */
  readonly number: number;
}

export class HeldRecords {
  readonly #positionOf: (keyId: Uint8Array, number: number) => Position;
  readonly #tables: number;
  readonly #held = new Map<string, Held>();
  readonly #removers = new Map<Held, (() => void)[]>();
  readonly #ordered = new OrderedPlaces<HeldPlace>();
  #bytes = 0;

  constructor(positionOf: (keyId: Uint8Array, number: number) => Position, tables: number) {
    this.#positionOf = positionOf;
    this.#tables = tables;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Of all encoded records together. */
  get bytes(): number {
    return this.#bytes;
  }

  find(keyId: Uint8Array): Held | undefined {
    return this.#held.get(formatHex(keyId));
  }

  /** Whether this very entry is still held. */
  has(held: Held): boolean {
    return this.#held.get(held.id) === held;
  }

  [Symbol.iterator](): IterableIterator<Held> {
    return this.#held.values();
  }

  add(info: RecordInfo, prefix: string | undefined): Held {
    const { keyId } = info;
    const positions = Array.from({ length: this.#tables }, (_, number) => this.#positionOf(keyId, number));
    const id = formatHex(keyId);
    const held: Held = {
      id,
      keyId,
      positions,
      info,
      durable: undefined,
      pending: 0,
      waiters: [],
      sent: [],
      prefix,
    };
    this.#held.set(id, held);
    this.#bytes += info.recordBytes;
    this.#removers.set(
      held,
      positions.map((position, number) => this.#ordered.add(position, { held, number })),
    );
    return held;
  }

  replace(held: Held, info: RecordInfo): void {
    this.#bytes += info.recordBytes - held.info.recordBytes;
    held.info = info;
  }

  remove(held: Held): void {
    if (!this.#held.delete(held.id)) return;
    this.#bytes -= held.info.recordBytes;
    for (const remove of this.#removers.get(held) ?? []) remove();
    this.#removers.delete(held);
  }

  /** Records at their positions behind `after` up to `end`, in that order. */
  arc(after: Position, end: Position): Iterable<{ readonly position: Position; readonly what: HeldPlace }> {
    return this.#ordered.arc(after, end);
  }
}

/** How a record is described. */
export function infoOf(record: TableRecord, places: readonly Place[]): RecordInfo {
  const { keyId, kind, key, writer, sequence, issued, expires, flags, digest } = record;
  const recordBytes = record.bytes.length;
  return { keyId, kind, key, writer, sequence, issued, expires, flags, digest, recordBytes, places };
}
