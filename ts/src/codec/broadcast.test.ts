import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8, maxU63, writeU32 } from "../bytes/index.js";
import { Policy } from "../gen/registry.js";
import {
  compressionDefect,
  encodeContent,
  Encoding,
  hasBroadcastHead,
  isWellFormedContent,
  readContent,
  type BroadcastContent,
} from "./broadcast.js";

const u63 = fc.bigInt({ min: 0n, max: maxU63 });

const content: fc.Arbitrary<BroadcastContent> = fc.record({
  origin: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  sequence: u63,
  sentAt: u63,
  encoding: fc.constantFrom(Encoding.NONE, Encoding.DEFLATE),
  channel: fc
    .string({ maxLength: 64 })
    .map(encodeUtf8)
    .filter((bytes) => bytes.length <= 64),
  payload: fc.uint8Array(),
});

const isWellFormed = (bytes: Uint8Array): boolean => isWellFormedContent(bytes, 0, bytes.length);

describe("content of a broadcast", () => {
  test("is read as it was written, wherever it stands", () => {
    fc.assert(
      fc.property(content, fc.uint8Array({ maxLength: 5 }), (value, before) => {
        const bytes = encodeContent(value, 1000);
        expect(readContent(bytes)).toEqual(value);
        const framed = concatBytes(before, bytes);
        expect(isWellFormedContent(framed, before.length, framed.length)).toBe(true);
      }),
    );
  });

  test.each([
    ["a sequence of 2^63", 32, 0x80],
    ["a time of 2^63", 40, 0x80],
    ["an encoding of 2", 48, 2],
    ["a channel of 65 bytes", 49, 65],
    ["a channel beyond the content", 49, 3],
    ["a channel that is no UTF-8", 50, 0xff],
  ])("%s is not well-formed", (_, offset, byte) => {
    const bytes = new Uint8Array(52);
    bytes[49] = 2;
    expect(isWellFormed(bytes)).toBe(true);
    bytes[offset] = byte;
    expect(isWellFormed(bytes)).toBe(false);
  });

  test("a channel cut in the middle of a character is not well-formed though the payload completes it", () => {
    const bytes = encodeContent(
      { origin: new Uint8Array(32), sequence: 0n, sentAt: 0n, channel: encodeUtf8("é"), payload: new Uint8Array(3) },
      1000,
    );
    bytes[49] = 1;
    expect(isWellFormed(bytes)).toBe(false);
  });

  test("one that is compressed is rejected where the network has no such policy, and for a size that cannot be", () => {
    const policy: number = Policy.COMPRESSED_BROADCASTS;
    const compressed = (size: number, data: number, cut = 0): Uint8Array => {
      const payload = new Uint8Array(4 + data);
      writeU32(payload, 0, size);
      const base = { origin: new Uint8Array(32), sequence: 1n, sentAt: 1n, channel: encodeUtf8("ab") };
      const bytes = encodeContent({ ...base, encoding: Encoding.DEFLATE, payload }, 1000);
      return concatBytes(new Uint8Array(3), bytes.subarray(0, bytes.length - cut));
    };
    const defect = (bytes: Uint8Array, rules = { policy, maxMessage: 500 }): string | undefined =>
      compressionDefect(bytes, 3, bytes.length, rules);
    expect(defect(compressed(11, 10))).toBeUndefined();
    expect(defect(compressed(1, 0))).toBeUndefined();
    expect(defect(compressed(11, 10), { policy: 3, maxMessage: 500 })).toBe("MALFORMED");
    expect(defect(compressed(10, 10))).toBe("MALFORMED");
    expect(defect(compressed(0, 0))).toBe("MALFORMED");
    for (const cut of [1, 2, 3, 4]) expect(defect(compressed(0xffffffff, 0, cut))).toBe("MALFORMED");
    expect(defect(compressed(500, 10))).toBeUndefined();
    expect(defect(compressed(501, 10))).toBe("TOO_LARGE");
    expect(defect(compressed(0xffffffff, 10))).toBe("TOO_LARGE");
    const plain = encodeContent(
      { origin: new Uint8Array(32), sequence: 1n, sentAt: 1n, channel: new Uint8Array(0), payload: new Uint8Array(0) },
      1000,
    );
    expect(compressionDefect(plain, 0, plain.length, { policy: 0, maxMessage: 0 })).toBeUndefined();
  });

  test("the head is there from 1 + g + 50 bytes on, and starts with g", () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 64), fc.integer({ min: 0, max: 130 }), fc.nat(255), (g, length, first) => {
        const bytes = new Uint8Array(length + 3).fill(first, 3, 4);
        expect(hasBroadcastHead(bytes, 3, bytes.length, g)).toBe(length >= 51 + g && first === g);
      }),
    );
    expect(hasBroadcastHead(new Uint8Array(51), 0, 51, 0)).toBe(true);
    expect(hasBroadcastHead(new Uint8Array(51), 0, 50, 0)).toBe(false);
  });

  test("refuses the caller's channel and length", () => {
    const base = { origin: new Uint8Array(32), sequence: 1n, sentAt: 1n, channel: new Uint8Array(0) };
    const payload = new Uint8Array(78);
    expect(encodeContent({ ...base, payload }, 128).length).toBe(128);
    const code = (name: string): unknown => expect.objectContaining({ code: name, origin: "local" });
    expect(() => encodeContent({ ...base, payload }, 127)).toThrow(code("TOO_LARGE"));
    expect(() => encodeContent({ ...base, channel: new Uint8Array(65), payload }, 1000)).toThrow(code("MISUSE"));
    expect(() => encodeContent({ ...base, channel: Uint8Array.of(0xff), payload }, 1000)).toThrow(code("MISUSE"));
  });
});
