// Payloads of recent broadcasts by a cheap look at their bytes: an unsigned network recognises most copies by comparing
// them, which costs less than hashing them. A miss decides nothing.

import { isAt, readU32 } from "../bytes/index.js";
import type { Hasher } from "../ports/index.js";

const places = 4096;
/** Longer payloads are not kept: hashing them is not what costs. */
const longestKept = 4096;
const shortPayload = 256;

export class RecentPayloads {
  readonly #payloads: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(places).fill(undefined);
  readonly #entries = new Int32Array(places);
  readonly #hasher: Hasher;

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  /** Entry of the same payload, or −1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const place = placeOf(bytes, start, end);
    const payload = this.#payloads[place];
    if (payload?.length !== end - start) return -1;
    return this.#isSame(payload, bytes, start, end) ? (this.#entries[place] as number) : -1;
  }

  /** A loop beats the call into the platform for short payloads. */
  #isSame(payload: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start <= shortPayload) return isAt(bytes, start, payload);
    return this.#hasher.equals(payload, bytes.subarray(start, end));
  }

  /** Keeps a payload, which must not change any more, with its entry. */
  add(payload: Uint8Array, entry: number): void {
    if (payload.length > longestKept) return;
    const place = placeOf(payload, 0, payload.length);
    this.#payloads[place] = payload;
    this.#entries[place] = entry;
  }
}

/** Mixes the low halves of the sequence and of the last bytes; whole heads are sure to be there. */
function placeOf(bytes: Uint8Array, start: number, end: number): number {
  const sequence = readU32(bytes, start + 37);
  return (Math.imul(sequence, 0x9e3779b1) ^ readU32(bytes, end - 4)) & (places - 1);
}
