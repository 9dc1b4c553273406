import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, parseHex } from "../bytes/index.js";
import { inflate } from "./inflate.js";

const bytesOf = (hex: string): Uint8Array => parseHex(hex) as Uint8Array;
const plain = (buffer: Uint8Array): Uint8Array => new Uint8Array(buffer);
const undecodable: unknown = expect.objectContaining({ code: "UNDECODABLE" });

/** Bytes with repetitions near and far, so that all kinds of blocks and distances come up. */
const content = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.nat(255), fc.nat(600)).map(([byte, count]) => new Uint8Array(count).fill(byte)),
      fc
        .tuple(fc.stringMatching(/^[a-e ]{1,40}$/), fc.integer({ min: 1, max: 900 }))
        .map(([text, times]) => plain(Buffer.from(text.repeat(times)))),
    ),
    { maxLength: 12 },
  )
  .map((parts) => concatBytes(...parts));

const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FIXED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FILTERED,
  ),
});

/** What the platform makes of data: the bytes, when it takes all of the data and they are as many as wanted. */
function platform(data: Uint8Array, size: number): Uint8Array | undefined {
  try {
    const { buffer, engine } = inflateRawSync(data, { info: true, maxOutputLength: size + 1 }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return engine.bytesWritten === data.length && buffer.length === size ? plain(buffer) : undefined;
  } catch {
    return undefined;
  }
}

function ours(data: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflate(data, size);
  } catch (error) {
    expect(error).toEqual(undecodable);
    return undefined;
  }
}

/** Shortest of many runs, milliseconds: what else the machine does only makes some longer. */
function bestMs(run: () => void): number {
  const times = Array.from({ length: 60 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe("inflate", () => {
  test("undoes what the platform deflates, whatever its settings", () => {
    fc.assert(
      fc.property(content, options, (bytes, settings) => {
        const data = plain(deflateRawSync(bytes, settings));
        expect(ours(data, bytes.length)).toEqual(bytes);
        expect(ours(data, bytes.length + 1)).toBeUndefined();
        if (bytes.length > 0) expect(ours(data, bytes.length - 1)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  test("judges damaged data as the platform does", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(content, options, damage, fc.nat(3), (bytes, settings, changes, cut) => {
        const data = plain(deflateRawSync(bytes, settings));
        for (const [at, value] of changes) data[at % data.length] = value;
        const damaged = data.subarray(0, data.length - Math.min(cut, data.length));
        expect(ours(damaged, bytes.length)).toEqual(platform(damaged, bytes.length));
      }),
      { numRuns: 400 },
    );
  });

  test("judges noise as the platform does", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 2, 3, 4, 5),
        fc.uint8Array({ maxLength: 120 }),
        fc.nat(40),
        (head, noise, size) => {
          // The lowest three bits choose the kind of the first block.
          const data = concatBytes(Uint8Array.of(((noise[0] ?? 0) & 0xf8) | head), noise.subarray(1));
          expect(ours(data, size)).toEqual(platform(data, size));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("repeats with every distance and length", () => {
    const noise = Uint8Array.from({ length: 70 }, (_, i) => (i * 167 + 13) & 255);
    for (let distance = 1; distance <= noise.length; distance++) {
      for (let length = 3; length <= 300; length += distance < 20 ? 3 : 13) {
        const bytes = new Uint8Array(distance + length).map((_, i) => noise[i % distance] as number);
        const data = plain(deflateRawSync(bytes, { strategy: constants.Z_FIXED }));
        expect(Buffer.compare(inflate(data, bytes.length), bytes)).toBe(0);
      }
    }
  });

  test("takes about as long for a megabyte of zeros as the platform does", () => {
    const size = 2 ** 20;
    const data = plain(deflateRawSync(new Uint8Array(size), { level: 9 }));
    const ratio = bestMs(() => inflate(data, size)) / bestMs(() => inflateRawSync(data, { maxOutputLength: size }));
    expect(ratio).toBeLessThan(3);
  });

  test("a size that the data cannot have takes no memory", () => {
    const before = process.memoryUsage().arrayBuffers;
    expect(() => inflate(bytesOf("0300"), 2 ** 31)).toThrow(undecodable);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  test("a megabyte of zeros that is announced as small stops there", () => {
    const bomb = plain(deflateRawSync(new Uint8Array(2 ** 24), { level: 9 }));
    expect(() => inflate(bomb, bomb.length + 1)).toThrow("more bytes");
  });

  test.each([
    ["nothing", "", 0],
    ["block type 3", "07", 0],
    ["NLEN wrong", "0101000000ff", 1],
    ["a stored block cut short", "010200fdff61", 2],
    ["a byte behind", "030000", 0],
    ["a distance before the first byte", "630203", 4],
    ["287 literal codes", "f5c0010000000000", 1],
  ])("refuses %s", (_, hex, size) => {
    expect(() => inflate(bytesOf(hex), size)).toThrow(undecodable);
  });

  test("takes an empty final block, and several stored ones", () => {
    expect(inflate(bytesOf("0300"), 0)).toEqual(new Uint8Array(0));
    expect(inflate(bytesOf("000100feff61010100feff62"), 2)).toEqual(bytesOf("6162"));
  });
});
