// Points of the ring: 256 bits, counted from 0 to 2^256 − 1 and around. Knows how to compare and to step; which node stands
// where is the business of those who make them.

/** Bytes of a position. */
export const positionBytes = 32;
const bits = 8 * positionBytes;

export class Position {
  /** The first 48 bits as a number: nearly every comparison ends here. */
  readonly high: number;
  /** All 32 bytes, big-endian. Nobody may change them. */
  readonly bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    let high = 0;
    for (let i = 0; i < 6; i++) high = high * 256 + (bytes[i] ?? 0);
    this.high = high;
    this.bytes = bytes;
  }

  /** @param bytes 32 bytes, kept: nobody may change them after. */
  static fromBytes(bytes: Uint8Array): Position {
    return new Position(bytes);
  }

  /** Negative, 0 or positive: order of the numbers, without going around. */
  compare(other: Position): number {
    if (this === other) return 0;
    if (this.high !== other.high) return this.high - other.high;
    for (let i = 6; i < positionBytes; i++) {
      const difference = (this.bytes[i] ?? 0) - (other.bytes[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  equals(other: Position): boolean {
    return this.compare(other) === 0;
  }

  /** The position 2^exponent farther, around the ring. @param exponent 0…255. */
  plusPowerOfTwo(exponent: number): Position {
    const bytes = this.bytes.slice();
    let at = (bits - 1 - exponent) >>> 3;
    let carry = 1 << (exponent & 7);
    for (; at >= 0 && carry > 0; at--) {
      const sum = (bytes[at] ?? 0) + carry;
      bytes[at] = sum & 255;
      carry = sum >>> 8;
    }
    return new Position(bytes);
  }
}
