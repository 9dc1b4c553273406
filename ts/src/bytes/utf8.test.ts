import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8, isUtf8 } from "./utf8.js";

const platform = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeByPlatform(bytes: Uint8Array): string | undefined {
  try {
    return platform.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes near the edges of UTF-8: first bytes, tails and the borders between them. */
const edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4];
const edgeBytes = fc
  .array(fc.oneof(fc.constantFrom(...edges, 0xf5, 0xff), fc.nat(255)), { maxLength: 12 })
  .map((bytes) => Uint8Array.from(bytes));

describe("utf8", () => {
  test("decodes what the platform's fatal decoder does, and refuses the rest", () => {
    fc.assert(
      fc.property(fc.oneof(edgeBytes, fc.uint8Array()), (bytes) => {
        expect(decodeUtf8(bytes)).toBe(decodeByPlatform(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  test("every sequence of two bytes, and of three and four at the edges", () => {
    let valid = 0;
    const check = (...bytes: number[]): void => {
      const all = Uint8Array.from(bytes);
      const decoded = decodeUtf8(all);
      if (decoded !== decodeByPlatform(all)) expect.fail(`differs on ${bytes.join(" ")}`);
      if (decoded !== undefined) valid++;
    };
    for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) check(a, b);
    const tails = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
    for (let a = 0xe0; a < 256; a++) for (const b of tails) for (const c of tails) check(a, b, c);
    for (let a = 0xf0; a < 256; a++) for (const b of tails) for (const c of tails) check(a, b, c, 0x80);
    expect(valid).toBeGreaterThan(128 * 128);
  });

  test("a byte order mark is a character like any other", () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe("\ufeff");
  });

  test("encodes as the platform does, lone surrogates too", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, lone) => {
        const spoken = lone ? `${text}\ud800x\udc00` : text;
        expect(encodeUtf8(spoken)).toEqual(new TextEncoder().encode(spoken));
      }),
    );
  });

  test("isUtf8 looks at its range only", () => {
    fc.assert(
      fc.property(edgeBytes, fc.nat(4), fc.nat(4), (bytes, before, after) => {
        const framed = Uint8Array.from([
          ...new Array<number>(before).fill(0xff),
          ...bytes,
          ...new Array(after).fill(0x80),
        ]);
        expect(isUtf8(framed, before, before + bytes.length)).toBe(decodeByPlatform(bytes) !== undefined);
      }),
    );
  });
});
