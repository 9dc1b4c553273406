// Payloads of recent broadcasts by a cheap look at their bytes: an unsigned network recognises most copies by comparing
// them, which costs less than hashing them. A miss decides nothing.

import { readU32, WordComparer } from "../bytes/index.js";
import type { Hasher } from "../ports/index.js";

const places = 4096;
/** Longer payloads are not kept: hashing them is not what costs. */
const longestKept = 4096;
/** Up to here comparing words beats a call into the platform. */
const shortPayload = 256;

interface Kept {
  readonly payload: Uint8Array;
  readonly view: DataView;
  readonly entry: number;
}

export class RecentPayloads {
  readonly #hasher: Hasher;
  readonly #comparer = new WordComparer();
  readonly #kept: (Kept | undefined)[] = Array.from({ length: places });

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  /** Entry of the same payload, or −1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const kept = this.#kept[placeOf(bytes, start, end)];
    return kept !== undefined && this.#isSame(kept, bytes, start, end) ? kept.entry : -1;
  }

  /** Keeps a payload, which must not change any more, with its entry. */
  add(payload: Uint8Array, entry: number): void {
    if (payload.length > longestKept) return;
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    this.#kept[placeOf(payload, 0, payload.length)] = { payload, view, entry };
  }

  #isSame({ payload, view }: Kept, bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start <= shortPayload) return this.#comparer.isSame(view, bytes, start, end);
    return payload.length === end - start && this.#hasher.equals(payload, bytes.subarray(start, end));
  }
}

/** Mixes the low halves of the sequence and of the last bytes; whole heads are sure to be there. */
function placeOf(bytes: Uint8Array, start: number, end: number): number {
  const sequence = readU32(bytes, start + 37);
  return (Math.imul(sequence, 0x9e3779b1) ^ readU32(bytes, end - 4)) & (places - 1);
}
