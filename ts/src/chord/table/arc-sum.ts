// What SYNC compares: the entries of an arc and their sum (8.7). Knows what a member holds and at which places.

import { readU32, writeU32 } from "../../bytes/index.js";
import type { Position } from "../position.js";
import type { Held } from "./held-records.js";
import type { KeeperCore } from "./keeper-core.js";
import type { SyncEntry } from "./table-types.js";

export interface ArcEntry extends SyncEntry {
  readonly held: Held;
  /** Where on the ring. */
  readonly at: Position;
}

/** Entries of an arc in the order of their positions. */
export function* entriesOf(core: KeeperCore, from: Position, to: Position, now: number): Generator<ArcEntry> {
  for (const { position: at, what } of core.records.arc(from, to)) {
    const { held, number } = what;
    const place = core.placeOf(held, number);
    if (place === undefined || !core.isLive(held.info, now)) continue;
    const { keyId, info } = held;
    // Written out: spreading a place here takes a tenth of a quiet member's time.
    const { position, copies } = place;
    yield { position, place: place.place, copies, keyId, digest: info.digest, held, at };
  }
}

export interface ArcSum {
  readonly count: number;
  /** 32 bytes, big-endian. */
  readonly sum: Uint8Array;
}

const words = 8;

export function sumOf(entries: Iterable<SyncEntry>): ArcSum {
  // Words of 32 bits, the lowest first, that are carried over at the end: 2^21 entries fit without.
  const totals = new Float64Array(words);
  let count = 0;
  for (const { digest } of entries) {
    count++;
    for (let i = 0; i < words; i++) totals[i] = (totals[i] ?? 0) + readU32(digest, 28 - 4 * i);
  }
  const sum = new Uint8Array(4 * words);
  let carry = 0;
  for (let i = 0; i < words; i++) {
    const total = (totals[i] ?? 0) + carry;
    writeU32(sum, 28 - 4 * i, total % 2 ** 32);
    carry = Math.floor(total / 2 ** 32);
  }
  return { count, sum };
}
