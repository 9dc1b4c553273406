import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isU63, readU16, readU24, readU32, readU64, writeU16, writeU32, writeU64 } from "./integers.js";

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe("big-endian integers", () => {
  test("read as DataView does, at any offset", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 20 }), fc.nat(), (bytes, seed) => {
        const offset = seed % (bytes.length - 7);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        expect(readU16(bytes, offset)).toBe(view.getUint16(offset));
        expect(readU24(bytes, offset)).toBe(view.getUint32(offset) >>> 8);
        expect(readU32(bytes, offset)).toBe(view.getUint32(offset));
        expect(readU64(bytes, offset)).toBe(view.getBigUint64(offset));
        expect(isU63(bytes, offset)).toBe(view.getBigUint64(offset) < 2n ** 63n);
      }),
    );
  });

  test("write what they read, and nothing beside it", () => {
    fc.assert(
      fc.property(u64, (value) => {
        const bytes = new Uint8Array(10).fill(0xee);
        writeU64(bytes, 1, value);
        expect(readU64(bytes, 1)).toBe(value);
        expect([bytes[0], bytes[9]]).toEqual([0xee, 0xee]);
        const low = Number(value & 0xffffffffn);
        writeU32(bytes, 2, low);
        expect(readU32(bytes, 2)).toBe(low);
        writeU16(bytes, 6, low & 0xffff);
        expect(readU16(bytes, 6)).toBe(low & 0xffff);
        expect(readU32(bytes, 2)).toBe(low);
      }),
    );
  });
});
