import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { FrameReader } from "./frame-reader.js";
import { encodeFrame, Flag } from "./header.js";

interface Frame {
  readonly command: number;
  readonly flags: number;
  readonly tag: number;
  readonly payload: Uint8Array;
}

/** Frames of unknown commands, which may be anything; long enough to be cut often, sometimes beyond the first buffer. */
const frame: fc.Arbitrary<Frame> = fc.record({
  command: fc.integer({ min: 0x8000, max: 0xffff }),
  flags: fc.constantFrom(0, 1, 15, Flag.REQUEST, Flag.RESPONSE, Flag.RESPONSE | Flag.FAILED),
  tag: fc.integer({ min: 1, max: 0xffff }),
  payload: fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 200, maxLength: 700 })),
});

/** How a stream is cut: sizes of chunks, and after how many frames of each the reader pauses. */
const cuts = fc.array(
  fc.tuple(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 900 })), fc.nat(4)),
  {
    minLength: 1,
  },
);

const streamOf = (frames: readonly Frame[]): Uint8Array =>
  concatBytes(...frames.map(({ payload, ...header }) => encodeFrame(header, payload)));

/** A header alone. */
const announcing = (length: number, flags: number, command: number): Uint8Array =>
  Uint8Array.of(length >> 16, length >> 8, length, flags, command >> 8, command, 0, 0);

function taken(reader: FrameReader): Frame {
  const { command, flags, tag, buffer, start, end } = reader;
  return { command, flags, tag, payload: buffer.slice(start, end) };
}

/** Reads a stream cut as told: a pause leaves the rest of a chunk unread, and every chunk is overwritten afterwards. */
function readCut(stream: Uint8Array, sizes: readonly (readonly [number, number])[], limit = 1e6): Frame[] {
  const reader = new FrameReader(limit);
  const frames: Frame[] = [];
  for (let offset = 0, i = 0; offset < stream.length; i++) {
    const [size, pauseAfter] = sizes[i % sizes.length] as readonly [number, number];
    const chunk = stream.slice(offset, offset + size);
    offset += size;
    reader.push(chunk);
    for (let n = 0; n < pauseAfter && reader.next(); n++) frames.push(taken(reader));
    reader.hold();
    chunk.fill(0xa5);
  }
  while (reader.next()) frames.push(taken(reader));
  return frames;
}

describe("FrameReader", () => {
  test("any chunking and any pauses give the same frames", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), cuts, (frames, sizes) => {
        expect(readCut(streamOf(frames), sizes)).toEqual(frames);
      }),
      { numRuns: 500 },
    );
  });

  test("without a hold in between, the next push keeps what was left", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), cuts, (frames, sizes) => {
        const stream = streamOf(frames);
        const reader = new FrameReader(1e6);
        const read: Frame[] = [];
        for (let offset = 0, i = 0; offset < stream.length; i++) {
          const [size, pauseAfter] = sizes[i % sizes.length] as readonly [number, number];
          reader.push(stream.slice(offset, offset + size));
          offset += size;
          for (let n = 0; n < pauseAfter && reader.next(); n++) read.push(taken(reader));
        }
        while (reader.next()) read.push(taken(reader));
        expect(read).toEqual(frames);
      }),
    );
  });

  test("what is left over is exactly what belongs to no frame given out", () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(5), (frames, cutSeed, given) => {
        const stream = streamOf(frames);
        const reader = new FrameReader(1e6);
        const cut = cutSeed % (stream.length + 1);
        reader.push(stream.slice(0, cut));
        let end = 0;
        for (let n = 0; n < given && reader.next(); n++) end += 8 + reader.end - reader.start;
        reader.push(stream.slice(cut));
        expect(reader.rest).toEqual(stream.slice(end));
      }),
    );
  });

  test("a frame inside one chunk is a view of it", () => {
    const chunk = encodeFrame({ command: 0x9000, flags: 0, tag: 0 }, Uint8Array.of(1, 2, 3));
    const reader = new FrameReader(100);
    reader.push(chunk);
    expect(reader.next()).toBe(true);
    expect(reader.buffer).toBe(chunk);
  });

  test("a header is refused as soon as it is there, wherever it is cut", () => {
    const tooLong = announcing(101, Flag.RESERVED, 1);
    const whole = encodeFrame({ command: 0x9000, flags: 0, tag: 0 }, new Uint8Array(5));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.boolean(), (cut, behindAnother) => {
        const stream = behindAnother ? concatBytes(whole, tooLong) : tooLong;
        const reader = new FrameReader(100, "some.rule");
        reader.push(stream.slice(0, stream.length - 8 + cut));
        expect(reader.next()).toBe(behindAnother);
        expect(behindAnother && reader.next()).toBe(false);
        reader.hold();
        reader.push(stream.slice(stream.length - 8 + cut));
        expect(() => reader.next()).toThrow(expect.objectContaining({ code: "TOO_LARGE", rule: "some.rule" }));
      }),
    );
  });

  test("a new limit holds for headers that were not read yet", () => {
    const long = encodeFrame({ command: 0x9000, flags: 0, tag: 0 }, new Uint8Array(50));
    const reader = new FrameReader(50);
    reader.push(long.slice(0, 20));
    expect(reader.next()).toBe(false);
    reader.limitTo(10);
    reader.push(concatBytes(long.slice(20), long));
    expect(reader.next()).toBe(true);
    expect(() => reader.next()).toThrow(ProtocolError);
  });

  test("memory follows the bytes that came, not the length announced", () => {
    const header = announcing(0xffffff, 0, 0x9000);
    const reader = new FrameReader(0xffffff);
    const before = process.memoryUsage().arrayBuffers;
    reader.push(header);
    expect(reader.next()).toBe(false);
    reader.push(new Uint8Array(1000));
    expect(reader.next()).toBe(false);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
    expect(reader.rest.length).toBe(1008);
  });
});
