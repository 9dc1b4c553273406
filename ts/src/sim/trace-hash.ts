// A running 64-bit fingerprint of everything that was delivered: two runs with equal fingerprints went the same way. Worth
// nothing against forgers, and quick: two products a number.

export class TraceHash {
  #high = 0x6a09e667;
  #low = 0xbb67ae85 | 0;

  /** Takes in a whole number below 2^53. */
  add(value: number): void {
    this.#mix(value | 0);
    this.#mix(Math.floor(value / 2 ** 32));
  }

  /** Takes in bytes. */
  addBytes(bytes: Uint8Array): void {
    const whole = bytes.length & ~3;
    let i = 0;
    for (; i < whole; i += 4) {
      // Byte by byte: the order of bytes in a word is the machine's affair.
      this.#mix(
        (bytes[i] as number) |
          ((bytes[i + 1] as number) << 8) |
          ((bytes[i + 2] as number) << 16) |
          ((bytes[i + 3] as number) << 24),
      );
    }
    for (; i < bytes.length; i++) this.#mix(bytes[i] as number);
    this.#mix(bytes.length);
  }

  #mix(word: number): void {
    this.#high = Math.imul(this.#high ^ word, 0x85ebca6b) ^ this.#low;
    this.#low = Math.imul((this.#low << 13) | (this.#low >>> 19), 0xc2b2ae35) + this.#high;
    this.#high ^= this.#high >>> 15;
  }

  /** 16 hexadecimal digits. */
  get text(): string {
    const half = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
    return half(this.#high) + half(this.#low);
  }
}
