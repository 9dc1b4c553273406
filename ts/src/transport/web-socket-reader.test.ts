import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeWebSocketFrame } from "./web-socket-frame.js";
import { opcodes, WebSocketReader, type Piece } from "./web-socket-reader.js";

/** Everything that a reader makes of chunks; runs of data count once. */
function read(
  chunks: readonly Uint8Array[],
  isMasked = true,
): { types: string[]; data: Uint8Array; pings: number[][] } {
  const reader = new WebSocketReader(isMasked);
  const pieces: Piece[] = [];
  for (const chunk of chunks) {
    reader.push(chunk.slice());
    for (let piece = reader.next(); piece !== undefined; piece = reader.next()) pieces.push(piece);
  }
  const types = pieces.map(({ type }) => type).filter((type, i, all) => type !== "data" || all[i - 1] !== type);
  const data = concatBytes(pieces.flatMap((piece) => (piece.type === "data" ? [piece.bytes] : [])));
  return { types, data, pings: pieces.flatMap((piece) => (piece.type === "ping" ? [[...piece.bytes]] : [])) };
}

/** A frame with its first byte as given: FIN, reserved bits and opcode. */
function frame(first: number, payload: Uint8Array, isMasked = true): Uint8Array {
  const bytes = encodeWebSocketFrame(0, payload, isMasked);
  bytes[0] = first;
  return bytes;
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const concatBytes = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });
const payload = fc
  .oneof(fc.integer({ min: 0, max: 140 }), fc.integer({ min: 65_530, max: 65_540 }))
  .map((length) => Uint8Array.from({ length }, (_, i) => i % 251));

describe("frames of RFC 6455", () => {
  test("messages of any size in chunks of any size are the bytes in order", () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 6 }), sizes, fc.boolean(), (payloads, sizes, isMasked) => {
        const frames = payloads.map((each) => encodeWebSocketFrame(opcodes.binary, each, isMasked));
        expect(read(cut(concatBytes(frames), sizes), isMasked).data.join()).toBe(concatBytes(payloads).join());
      }),
      { numRuns: 30 },
    );
  });

  test("fragments of any cut, empty ones and pings between them among them, are one message", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1 }), sizes, (fragments, sizes) => {
        const frames = fragments.flatMap((each, i) => [
          frame((i === fragments.length - 1 ? 0x80 : 0) | (i === 0 ? 2 : 0), each),
          encodeWebSocketFrame(opcodes.ping, Uint8Array.of(i), true),
        ]);
        const { data, pings } = read(cut(concatBytes(frames), sizes));
        expect(data).toEqual(concatBytes(fragments));
        expect(pings).toEqual(fragments.map((_, i) => [i]));
      }),
    );
  });

  test("garbage breaks at most, and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), sizes, (bytes, sizes) => {
        expect(read(cut(bytes, sizes)).data.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  test("a reader stops between two frames of one chunk", () => {
    const reader = new WebSocketReader(true);
    const one = encodeWebSocketFrame(opcodes.binary, Uint8Array.of(1), true);
    const two = encodeWebSocketFrame(opcodes.binary, Uint8Array.of(2), true);
    reader.push(concatBytes([one, two]));
    expect(reader.next()).toEqual({ type: "data", bytes: Uint8Array.of(1) });
    expect(reader.hasRest).toBe(true);
    expect(reader.next()).toEqual({ type: "data", bytes: Uint8Array.of(2) });
    expect([reader.hasRest, reader.next()]).toEqual([false, undefined]);
  });

  test("a length that is announced is handed on as it comes", () => {
    const reader = new WebSocketReader(false);
    reader.push(Uint8Array.of(0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255, 9));
    expect(reader.next()).toEqual({ type: "data", bytes: Uint8Array.of(9) });
    reader.push(new Uint8Array(1000));
    expect(reader.next()).toEqual({ type: "data", bytes: new Uint8Array(1000) });
  });

  test("nothing is read after a close frame", () => {
    const close = encodeWebSocketFrame(opcodes.close, Uint8Array.of(3, 232), true);
    const data = encodeWebSocketFrame(opcodes.binary, Uint8Array.of(1), true);
    expect(read([concatBytes([data, close, data]), data]).types).toEqual(["data", "close"]);
  });

  test.each([
    ["a text message", frame(0x81, Uint8Array.of(65))],
    ["an empty text message", frame(0x81, new Uint8Array())],
    ["a reserved bit, as of permessage-deflate", frame(0xc2, Uint8Array.of(1))],
    ["a reserved opcode", frame(0x83, Uint8Array.of(1))],
    ["a reserved control opcode", frame(0x8b, Uint8Array.of(1))],
    ["a continuation of nothing", frame(0x80, Uint8Array.of(1))],
    ["a message inside a message", concatBytes([frame(0x02, new Uint8Array()), frame(0x82, Uint8Array.of(1))])],
    ["a control frame in fragments", frame(0x09, Uint8Array.of(1))],
    ["a control frame of 126 bytes", frame(0x89, new Uint8Array(126))],
    ["a frame without mask", frame(0x82, Uint8Array.of(1), false)],
  ])("%s is broken, and nothing is read behind it", (_name, bytes) => {
    const data = encodeWebSocketFrame(opcodes.binary, Uint8Array.of(1), true);
    expect(read([concatBytes([bytes, data])]).types).toEqual(["broken"]);
  });

  test("a masked frame of a responder is broken", () => {
    expect(read([frame(0x82, Uint8Array.of(1))], false).types).toEqual(["broken"]);
  });
});
