// Numbers that are never assigned, sent to keep receivers honest: r[session.grease].

import type { Random } from "../ports/index.js";

export class Grease {
  readonly #random: Uint8Array;
  #next = 0;

  constructor(random: Random) {
    this.#random = random.bytes(8);
  }

  #digit(): number {
    return (this.#random[this.#next++ % this.#random.length] as number) & 0x0f;
  }

  /** 0x7fxa: for lists in which every unknown number is ignored. */
  number(): number {
    return 0x7f0a | (this.#digit() << 4);
  }

  /** 0x7fxb: for features, where even numbers are required. */
  oddNumber(): number {
    return 0x7f0b | (this.#digit() << 4);
  }

  /** A field 900…915 with a varint value, as encoded. */
  field(): Uint8Array {
    const key = (900 + this.#digit()) << 3;
    return Uint8Array.of((key & 0x7f) | 0x80, key >>> 7, this.#digit());
  }
}
