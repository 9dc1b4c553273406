import { gunzipSync, gzipSync, deflateRawSync, deflateSync, inflateRawSync, inflateSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../bytes/index.js";
import { adler32, crc32 } from "./checksums.js";
import { compress, compressions, decompress } from "./compression.js";

const limit = 1 << 20;
const code = (name: string): unknown => expect.objectContaining({ code: name });
const plain = (buffer: Uint8Array): Uint8Array => new Uint8Array(buffer);
const sized = (size: number, data: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(size >>> 24, size >>> 16, size >>> 8, size), plain(data));

const platform: Readonly<Record<number, readonly [typeof gzipSync, typeof gunzipSync]>> = {
  1: [deflateRawSync, inflateRawSync],
  2: [gzipSync, gunzipSync],
  3: [deflateSync, inflateSync],
};

const text = fc
  .array(fc.constantFrom("the ", "quick ", "brown ", "fox "), { minLength: 150, maxLength: 800 })
  .map((words) => plain(Buffer.from(words.join(""))));

describe("compression", () => {
  test.each(compressions)("id %i: both ways, and the platform's both ways", (id) => {
    const [deflates, inflates] = platform[id] as NonNullable<(typeof platform)[number]>;
    fc.assert(
      fc.property(text, (payload) => {
        const compressed = compress(id, payload) as Uint8Array;
        expect(decompress(id, compressed, limit)).toEqual(payload);
        expect(plain(inflates(compressed.subarray(4)))).toEqual(payload);
        expect(decompress(id, sized(payload.length, deflates(payload)), limit)).toEqual(payload);
      }),
      { numRuns: 40 },
    );
  });

  test("leaves alone what is short or hardly shrinks", () => {
    expect(compress(1, new Uint8Array(255))).toBeUndefined();
    expect(compress(1, new Uint8Array(256))).toBeInstanceOf(Uint8Array);
    const noise = Uint8Array.from({ length: 4000 }, (_, at) => (Math.imul(at, 2_654_435_761) >>> 13) & 255);
    for (const id of compressions) {
      for (let zeros = 0; zeros < 500; zeros += 7) {
        const payload = concatBytes(noise, new Uint8Array(zeros));
        const compressed = compress(id, payload);
        if (compressed !== undefined)
          expect(payload.length - compressed.length).toBeGreaterThanOrEqual(payload.length / 16);
      }
    }
  });

  test("the size is judged before the data", () => {
    const data = plain(deflateRawSync(new Uint8Array(1000)));
    expect(decompress(1, sized(1000, data), 1000)).toEqual(new Uint8Array(1000));
    expect(() => decompress(1, sized(1000, data), 999)).toThrow(code("TOO_LARGE"));
    expect(() => decompress(1, sized(999, data), 1000)).toThrow(code("UNDECODABLE"));
    expect(() => decompress(1, sized(1001, data), 1001)).toThrow(code("UNDECODABLE"));
    expect(() => decompress(1, sized(2 ** 32 - 1, data), limit)).toThrow(code("TOO_LARGE"));
    expect(() => decompress(1, sized(data.length, data), 1)).toThrow(code("UNDECODABLE"));
    for (const length of [0, 1, 2, 3, 4]) {
      expect(() => decompress(1, new Uint8Array(length), limit)).toThrow(code("UNDECODABLE"));
    }
  });

  test("ids of no format", () => {
    for (const id of [0, 4, 15]) {
      expect(() => decompress(id, sized(1000, new Uint8Array(10)), limit)).toThrow(code("UNDECODABLE"));
      expect(() => compress(id, new Uint8Array(1000))).toThrow(code("MISUSE"));
    }
  });

  test.each([2, 3])("id %i: one wrong bit anywhere outside of free fields is seen", (id) => {
    const payload = plain(Buffer.from("repeat ".repeat(100)));
    const right = compress(id, payload) as Uint8Array;
    // MTIME, XFL and OS are free; FLEVEL is part of a checked header.
    const free = id === 2 ? [8, 9, 10, 11, 12, 13] : [];
    for (let at = 4; at < right.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const wrong = right.with(at, (right[at] as number) ^ (1 << bit));
        if (free.includes(at)) expect(decompress(id, wrong, limit)).toEqual(payload);
        else expect(seen(id, wrong, payload), `byte ${at}, bit ${bit}`).toBe(true);
      }
    }
  });

  test("checksums are those of the platform", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10_000, size: "max" }), (bytes) => {
        const gzip = gzipSync(bytes);
        expect(crc32(bytes)).toBe(gzip.readUInt32LE(gzip.length - 8));
        const zlib = deflateSync(bytes);
        expect(adler32(bytes)).toBe(zlib.readUInt32BE(zlib.length - 4));
      }),
    );
    expect(adler32(new Uint8Array(100_000).fill(255))).toBe(
      deflateSync(Buffer.alloc(100_000, 255)).readUInt32BE(deflateSync(Buffer.alloc(100_000, 255)).length - 4),
    );
  });
});

/** Whether a damaged payload is refused, or is none the worse: the bits behind the last block mean nothing. */
function seen(id: number, payload: Uint8Array, original: Uint8Array): boolean {
  try {
    return Buffer.compare(decompress(id, payload, limit), original) === 0;
  } catch {
    return true;
  }
}
