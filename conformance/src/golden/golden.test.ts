// Properties of the golden codec: what is encoded decodes to itself, cuts do not matter, decoders throw their own error only.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  buildBroadcast,
  buildRecord,
  decodeBroadcast,
  decodeDescriptor,
  decodeFrame,
  decodeMessage,
  decodePreface,
  decodeRecord,
  describe as descriptorOf,
  DESCRIPTOR_FIELDS,
  encodeDescriptor,
  encodeFrame,
  encodeMessage,
  FrameReader,
  fromHex,
  fromLinkValue,
  GoldenError,
  formatNodeId,
  layMessage,
  networkIdOf,
  nodeIdOf,
  parseFields,
  parseNetworkId,
  parseNodeId,
  readVarint,
  RESPONSE,
  toHex,
  toLinkValue,
  utf8,
  varint,
  type Bytes,
  type Frame,
} from "./index.js";

const bytes = (min: number, max: number): fc.Arbitrary<Bytes> => fc.uint8Array({ minLength: min, maxLength: max });
const printable = (max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: max });
const u63 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const seed = new Uint8Array(32).fill(5);
const network = encodeDescriptor(descriptorOf("tests", { policy: 0 }));
const networkId = networkIdOf(network);

const hello = fc.record({
  networkId: bytes(32, 32),
  nonce: bytes(32, 32),
  record: bytes(120, 1024),
  wanted: fc.oneof(bytes(0, 0), bytes(32, 32)),
  clockMs: u63,
  dialCounter: u63,
  compressions: fc.array(fc.nat(), { maxLength: 16 }),
  receiveLimit: fc.integer({ min: 4097, max: 16_777_215 }),
  features: fc.array(fc.nat(), { maxLength: 64 }),
  bindingKinds: fc.array(fc.nat(), { maxLength: 16 }),
  agent: printable(128),
  observedAddress: printable(256),
});

/** A frame of an unknown command: any kind, tag and payload. */
const frame: fc.Arbitrary<Frame> = fc.record({
  command: fc.integer({ min: 0x8000, max: 0xffff }),
  flags: fc.constantFrom(0, RESPONSE, 1),
  tag: fc.integer({ min: 1, max: 65_535 }),
  payload: bytes(0, 40),
});

describe("messages", () => {
  test("HELLO decodes to what was encoded, and survives link/1", () => {
    fc.assert(
      fc.property(hello, (value) => {
        expect(decodeMessage("Hello", encodeMessage("Hello", value))).toEqual(value);
        const link = toLinkValue("Hello", value);
        expect(fromLinkValue("Hello", JSON.parse(JSON.stringify(link)) as Record<string, unknown>)).toEqual(value);
      }),
    );
  });

  test("varints hold up to 70 bits in any width", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 70n - 1n }), fc.integer({ min: 0, max: 10 }), (value, width) => {
        const laid = varint(value, width);
        expect(readVarint(laid, 0)).toEqual({ value, end: laid.length });
      }),
    );
  });

  test("unknown fields change nothing", () => {
    const known = layMessage("Goodbye", { code: 101, text: "bye" });
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 2 ** 29 - 1 }), bytes(0, 30), (number, content) => {
        const unknown = Uint8Array.of(...varint(number * 8 + 2), ...varint(content.length), ...content);
        const value = decodeMessage("Goodbye", Uint8Array.of(...unknown, ...known));
        expect(value).toEqual({ code: 101, text: "bye" });
      }),
    );
  });

  test("bounds are held on both sides", () => {
    expect(() => encodeMessage("Goodbye", { code: 99 })).toThrow("MISUSE");
    expect(() => decodeMessage("Goodbye", layMessage("Goodbye", { code: 99 }))).toThrow("MALFORMED");
  });
});

describe("frames", () => {
  test("any cut of a stream gives the same frames", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), fc.array(fc.nat(300), { maxLength: 20 }), (frames, cuts) => {
        const stream = Buffer.concat(frames.map((one) => encodeFrame(one)));
        const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length];
        const reader = new FrameReader({ receiveLimit: 64 });
        const read = edges.slice(1).flatMap((end, index) => reader.feed(stream.subarray(edges[index], end)));
        expect(read).toEqual(frames);
        expect(reader.rest).toHaveLength(0);
      }),
    );
  });

  test("a refusal comes with the header, after the frames before it", () => {
    const good = { command: 0x8000, flags: 0, tag: 1, payload: utf8("x") };
    const reader = new FrameReader({ receiveLimit: 10 });
    const stream = Buffer.concat([encodeFrame(good), encodeFrame({ command: 0x8000 }, 11)]);
    expect(reader.push(stream.subarray(0, -1))).toEqual([good]);
    expect(reader.failure).toBeUndefined();
    expect(reader.push(stream.subarray(-1))).toEqual([]);
    expect(reader.failure?.code).toBe("TOO_LARGE");
    expect(reader.push(encodeFrame(good))).toEqual([]);
    expect(new FrameReader({ receiveLimit: 10, strict: false }).push(stream)).toEqual([good]);
  });
});

describe("signed values", () => {
  test("descriptors decode to what was encoded", () => {
    const numbers = DESCRIPTOR_FIELDS.map(({ key, min, max }) => [key, fc.integer({ min, max })] as const);
    const arbitrary = fc.record({ ...Object.fromEntries(numbers), name: bytes(1, 64) });
    fc.assert(
      fc.property(arbitrary, (value) => {
        const descriptor = { ...descriptorOf("x"), ...value };
        expect(decodeDescriptor(encodeDescriptor(descriptor))).toEqual(descriptor);
      }),
    );
  });

  test("broadcasts and records decode to what was built", () => {
    fc.assert(
      fc.property(u63, u63, printable(64), bytes(0, 100), (sequence, sentAt, channel, payload) => {
        const built = buildBroadcast(seed, networkId, { sequence, sentAt, channel, payload });
        const value = decodeBroadcast(built, network);
        expect(value).toMatchObject({ origin: nodeIdOf(seed), sequence, sentAt, channel, payload });
        const times = { issued: 5n, expires: 6n, incarnation: sequence };
        const record = buildRecord({ seed, networkId, ...times });
        expect(decodeRecord(record, network).record).toMatchObject({ nodeId: nodeIdOf(seed), ...times });
      }),
      { numRuns: 30 },
    );
  });

  test("texts of ids decode to their bytes", () => {
    const text = formatNodeId(nodeIdOf(seed));
    expect(parseNodeId(text)).toEqual(nodeIdOf(seed));
    expect(() => parseNodeId(text.toUpperCase())).toThrow("BAD_TEXT");
  });

  test("hex is lower case and whole", () => {
    fc.assert(
      fc.property(bytes(0, 50), (some) => {
        expect(fromHex(toHex(some))).toEqual(some);
      }),
    );
    for (const text of ["0", "AB", "0g", " 00"]) expect(() => fromHex(text)).toThrow(TypeError);
  });
});

describe("whatever the bytes", () => {
  const decoders: Readonly<Record<string, (some: Bytes) => unknown>> = {
    preface: decodePreface,
    frame: (some) => decodeFrame(some, 64),
    descriptor: decodeDescriptor,
    record: (some) => decodeRecord(some, network),
    broadcast: (some) => decodeBroadcast(some, network),
    fields: parseFields,
    hello: (some) => decodeMessage("Hello", some),
    body: (some) => decodeMessage("PeerRecordBody", some),
    nodeIdText: (some) => parseNodeId(Buffer.from(some).toString("latin1")),
    networkIdText: (some) => parseNetworkId(Buffer.from(some).toString("latin1")),
  };
  test.each(Object.entries(decoders))("%s throws GoldenError or nothing", (_name, decode) => {
    fc.assert(
      fc.property(fc.oneof(bytes(0, 40), bytes(100, 300)), (some) => {
        try {
          decode(some);
        } catch (error) {
          expect(error).toBeInstanceOf(GoldenError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
