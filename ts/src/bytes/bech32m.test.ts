import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatBech32m, parseBech32m } from "./bech32m.js";
import { formatHex } from "./hex.js";

/** BIP 350, "valid Bech32m strings" in lower case whose data are whole bytes. */
const valid: readonly (readonly [string, string, string])[] = [
  ["a", "a1lqfn3a", ""],
  [
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber1",
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
    "",
  ],
  ["abcdef", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "ffbbcdeb38bdab49ca307b9ac5a928398a418820"],
  [
    "split",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d",
  ],
  ["?", "?1v759aa", ""],
];

/** BIP 350: invalid for their characters, their length or their checksum; and Bech32 of BIP 173. */
const invalid: readonly (readonly [string, string])[] = [
  ["a", "A1LQFN3A"],
  ["a", "a12uel5l"],
  ["abcdef", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"],
  ["1", "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j"],
  ["y", "y1b0jsk6g"],
  ["lt", "lt1igcx5c0"],
  ["in", "in1muywd"],
  ["mm", "mm1crxm3i"],
  ["au", "au1s5cgom"],
  ["m", "m1vuxwez"],
  ["a", "a"],
  ["a", ""],
];

const prefix = fc.string({ unit: fc.constantFrom(..."abcmotenrz?".split("")), minLength: 1, maxLength: 9 });

describe("bech32m", () => {
  test.each(valid)("%s: %s", (part, text, hex) => {
    const bytes = parseBech32m(part, text);
    expect(bytes === undefined ? undefined : formatHex(bytes)).toBe(hex);
    expect(formatBech32m(part, bytes ?? new Uint8Array(1))).toBe(text);
  });

  test.each(invalid)("refuses under %j: %j", (part, text) => {
    expect(parseBech32m(part, text)).toBeUndefined();
  });

  test("padding bits that are not zero are refused", () => {
    // BIP 350 calls it valid; its 82 groups of five ones end in two bits of no byte.
    const text = `11${"l".repeat(82)}ludsr8`;
    expect(parseBech32m("1", text)).toBeUndefined();
  });

  test("reads what it wrote, under the same part only", () => {
    fc.assert(
      fc.property(prefix, fc.uint8Array({ maxLength: 40 }), (part, bytes) => {
        const text = formatBech32m(part, bytes);
        expect(parseBech32m(part, text)).toEqual(bytes);
        expect(parseBech32m(`${part}a`, text)).toBeUndefined();
        expect(parseBech32m(part, text.toUpperCase())).toBeUndefined();
      }),
    );
  });

  test("one to four wrong characters never pass", () => {
    const wrong = fc.array(fc.tuple(fc.nat(), fc.constantFrom(..."qpzry9x8gf2tvdw0s3jn54khce6mua7l".split(""))), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), wrong, (bytes, changes) => {
        const text = formatBech32m("motet", bytes);
        const characters = text.split("");
        for (const [at, character] of changes) characters[6 + (at % (text.length - 6))] = character;
        const changed = characters.join("");
        fc.pre(changed !== text);
        expect(parseBech32m("motet", changed)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});
