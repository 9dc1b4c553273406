// Collects what is said about stretches of bytes, one line each, in their order. Knows nothing of what the bytes mean.

import { formatHex } from "../bytes/index.js";

/** One explained stretch of bytes. */
export interface Explained {
  /** From the start of the capture, or of the decompressed payload. */
  readonly offset: number;
  readonly length: number;
  /** The bytes, cut where they are many. */
  readonly hex: string;
  readonly field: string;
  readonly meaning: string;
  /** The bytes are not in the capture: they come of the compressed payload told before. */
  readonly isDecompressed?: true;
}

const longestHex = 48;

/** Bytes, and where to say what they are. */
export class Explainer {
  readonly bytes: Uint8Array;
  readonly lines: Explained[];
  readonly #isDecompressed: boolean;

  constructor(bytes: Uint8Array, lines: Explained[] = [], isDecompressed = false) {
    this.bytes = bytes;
    this.lines = lines;
    this.#isDecompressed = isDecompressed;
  }

  add(offset: number, length: number, field: string, meaning: string): void {
    const hex = formatHex(this.bytes.subarray(offset, Math.min(offset + length, offset + longestHex)));
    const shown = hex.length > longestHex ? `${hex.slice(0, longestHex)}…` : hex;
    const line = { offset, length, hex: shown, field, meaning };
    this.lines.push(this.#isDecompressed ? { ...line, isDecompressed: true } : line);
  }

  /** Says on in the same lines what decompressed bytes are. */
  decompressed(bytes: Uint8Array): Explainer {
    return new Explainer(bytes, this.lines, true);
  }
}
