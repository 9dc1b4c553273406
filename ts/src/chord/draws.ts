// Numbers drawn from the node's own source of randomness, a few bytes at a time out of one piece.

import type { Random } from "../ports/index.js";

const pieceBytes = 64;

export class Draws {
  readonly #random: Random;
  #piece: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A number in [0, 1), in steps of 2^−16. */
  unit(): number {
    if (this.#at >= this.#piece.length) {
      this.#piece = this.#random.bytes(pieceBytes);
      this.#at = 0;
    }
    const high = this.#piece[this.#at++] ?? 0;
    const low = this.#piece[this.#at++] ?? 0;
    return (high * 256 + low) / 65_536;
  }

  /** A whole number in [0, bound); bound far below 2^16. */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  /** A time, give or take a fifth. */
  around(ms: number): number {
    return ms * (0.8 + 0.4 * this.unit());
  }
}
