import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBytes, concatBytes, equalBytes, isAt } from "./arrays.js";

/** Short arrays of few values, so that equal ones and prefixes are common. */
const few = fc.array(fc.constantFrom(0, 1, 127, 128, 255), { maxLength: 4 }).map((bytes) => Uint8Array.from(bytes));

describe("byte arrays", () => {
  test("compare and equal agree with the platform", () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      }),
      { numRuns: 1000 },
    );
  });

  test("joined parts stand where they were put", () => {
    fc.assert(
      fc.property(fc.array(few), (parts) => {
        const joined = concatBytes(...parts);
        expect(Buffer.compare(joined, Buffer.concat(parts))).toBe(0);
        let offset = 0;
        for (const part of parts) {
          expect(isAt(joined, offset, part)).toBe(true);
          offset += part.length;
        }
        expect(isAt(joined, offset, Uint8Array.of(0))).toBe(false);
      }),
    );
  });

  test("isAt agrees with a comparison of the slice", () => {
    fc.assert(
      fc.property(few, few, fc.nat(5), (bytes, part, offset) => {
        const slice = bytes.slice(offset, offset + part.length);
        const fits = offset + part.length <= bytes.length;
        expect(isAt(bytes, offset, part)).toBe(fits && Buffer.compare(slice, part) === 0);
      }),
      { numRuns: 1000 },
    );
  });
});
