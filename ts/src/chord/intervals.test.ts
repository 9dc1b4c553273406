import { describe, expect, it } from "vitest";
import { positionAt } from "../../test/harness/ring-network.js";
import { between, owned } from "./intervals.js";
import { Position } from "./position.js";

const size = 8;
const places = Array.from({ length: size }, (_, i) => i);
const positions = places.map((place) => positionAt(place * 8_192));
const at = (place: number): Position => positions[place % size] as Position;

describe("intervals of a ring of eight places", () => {
  it.each(places)("are what counting says, from %i", (a) => {
    for (const b of places) {
      for (const c of places) {
        const [ahead, length] = [(b - a + size) % size, (c - a + size) % size];
        const isBetween = a === c ? b !== a : ahead > 0 && ahead < length;
        expect([a, b, c, between(at(a), at(b), at(c))]).toEqual([a, b, c, isBetween]);
        expect([a, b, c, owned(at(a), at(b), at(c))]).toEqual([a, b, c, isBetween || b === c]);
      }
    }
  });
});

describe("positions", () => {
  const numberOf = ({ bytes }: Position): bigint => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const ofNumber = (value: bigint): Position => {
    const bytes = new Uint8Array(32);
    for (let i = 31; i >= 0; i--, value /= 256n) bytes[i] = Number(value % 256n);
    return Position.fromBytes(bytes);
  };
  const starts = [0n, 1n, 255n, (1n << 200n) - 1n, (1n << 255n) + 77n, (1n << 256n) - 1n];

  it.each(starts)("step around the ring from %i", (start) => {
    for (let exponent = 0; exponent < 256; exponent++) {
      const sum = (start + (1n << BigInt(exponent))) % (1n << 256n);
      expect(numberOf(ofNumber(start).plusPowerOfTwo(exponent))).toBe(sum);
    }
  });

  it("compare beyond what fits into a number", () => {
    const low = ofNumber(5n);
    const high = ofNumber(6n);
    expect(low.high).toBe(high.high);
    expect(Math.sign(low.compare(high))).toBe(-1);
    expect(Math.sign(high.compare(low))).toBe(1);
    expect(low.equals(ofNumber(5n))).toBe(true);
    expect(between(low, high, ofNumber(7n))).toBe(true);
  });
});
