import { fromBinary, type DescMessage } from "@bufbuild/protobuf";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import * as schemas from "../gen/messages.js";
import { messageBounds, type FieldBounds, type MessageName } from "../gen/registry.js";
import { decodeMessage, encodeMessage, isMessageName, type MessageInit } from "./messages.js";
import { decodeWire, type WireValue } from "./wire.js";

const names = Object.keys(messageBounds) as MessageName[];

const schemaOf = (name: MessageName): DescMessage =>
  (schemas as unknown as Readonly<Record<string, DescMessage>>)[`${name}Schema`] as DescMessage;

const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
/** Not led by a byte order mark, which the Protobuf runtime drops. */
const anyText = fc.string({ unit: "binary" }).filter((text) => !text.startsWith("\ufeff"));

function lengthRange({ minBytes = 0, maxBytes, exactOrEmpty }: FieldBounds["bounds"]): fc.Arbitrary<number> {
  if (exactOrEmpty !== undefined) return fc.constantFrom(0, exactOrEmpty);
  return fc.integer({ min: minBytes, max: Math.min(maxBytes ?? 300, 300) });
}

function text({ bounds }: FieldBounds): fc.Arbitrary<string> {
  const { minBytes = 0, maxBytes = 256 } = bounds;
  const cut = (value: string, length: number): string => value.padEnd(length, "~").slice(0, length);
  if (bounds.printable === true) {
    return fc
      .tuple(printable, fc.integer({ min: minBytes, max: maxBytes }))
      .map(([value, length]) => cut(value, length));
  }
  return anyText.filter((value) => {
    const length = Buffer.byteLength(value);
    return length >= minBytes && length <= maxBytes;
  });
}

function scalar(field: FieldBounds): fc.Arbitrary<unknown> {
  const { min, max } = field.bounds;
  switch (field.type) {
    case "bytes":
      return lengthRange(field.bounds).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
    case "string":
      return text(field);
    case "bool":
      return fc.boolean();
    case "uint32":
      return fc.integer({ min: Number(min ?? 0), max: Number(max ?? 0xffffffff) });
    default:
      return fc.bigInt({ min: BigInt(min ?? 0), max: BigInt(max ?? 2n ** 64n - 1n) });
  }
}

/** A value of each field within its bounds. */
function valueOf(name: MessageName): fc.Arbitrary<Record<string, unknown>> {
  const fields = (messageBounds[name] as readonly FieldBounds[]).map((field) => {
    const one = scalar(field);
    const several = fc.array(one, { maxLength: Math.min(field.bounds.maxItems ?? 5, 8) });
    return [field.json, field.repeated ? several : one] as const;
  });
  return fc.record(Object.fromEntries(fields));
}

const anyMessage = fc
  .constantFrom(...names)
  .chain((name) => valueOf(name).map((value) => ({ name, value, bytes: encode(name, value) })));

const encode = (name: MessageName, value: Record<string, unknown>): Uint8Array =>
  encodeMessage(name, value as MessageInit<MessageName>);

function byRuntime(name: MessageName, bytes: Uint8Array): Record<string, unknown> {
  const message = fromBinary(schemaOf(name), bytes, { readUnknownFields: false });
  return Object.fromEntries(Object.entries(message).filter(([key]) => !key.startsWith("$")));
}

const byUs = (name: MessageName, bytes: Uint8Array): WireValue => decodeWire(bytes, messageBounds[name]);

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}

/** Fields that no message knows, of each wire type that may be skipped. */
const unknownField = fc
  .tuple(fc.integer({ min: 1000, max: 2 ** 29 - 1 }), fc.constantFrom(0, 1, 2, 5), fc.uint8Array({ maxLength: 20 }))
  .map(([number, wireType, data]) => {
    const key = varint((BigInt(number) << 3n) | BigInt(wireType));
    if (wireType === 0) return concatBytes(key, varint(BigInt(data.length) << 40n));
    if (wireType === 2) return concatBytes(key, varint(BigInt(data.length)), data);
    return concatBytes(key, new Uint8Array(wireType === 1 ? 8 : 4).fill(data[0] ?? 0));
  });

/** One change to bytes: a byte replaced, a stretch taken out, or bytes put in. */
type Change = (bytes: Uint8Array) => Uint8Array;

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]): Change => {
    return (bytes) => bytes.map((old, i) => (i === at % Math.max(1, bytes.length) ? byte : old));
  }),
  fc.tuple(fc.nat(), fc.nat(9)).map(([at, count]): Change => {
    return (bytes) => bytes.filter((_, i) => i < at % (bytes.length + 1) || i >= (at % (bytes.length + 1)) + count);
  }),
  fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 12 })).map(([at, added]): Change => {
    return (bytes) => concatBytes(bytes.slice(0, at % (bytes.length + 1)), added, bytes.slice(at % (bytes.length + 1)));
  }),
);

/** Outcome of decoding: "valid", "MALFORMED", or whatever else came of it. What is valid is within its bounds. */
function outcomeOf(name: MessageName, bytes: Uint8Array): unknown {
  let value: Record<string, unknown>;
  try {
    value = decodeMessage(name, bytes);
  } catch (error) {
    const isOurs = error instanceof ProtocolError && error.rule?.startsWith("payload.") === true;
    return isOurs ? error.code : error;
  }
  encode(name, value);
  return "valid";
}

const allowed = expect.toBeOneOf(["valid", "MALFORMED"]);

describe("Protobuf payloads", () => {
  test("valid messages decode to what was encoded", () => {
    fc.assert(
      fc.property(anyMessage, ({ name, value, bytes }) => {
        expect(decodeMessage(name, bytes)).toEqual(value);
      }),
    );
  });

  test("and to what the Protobuf runtime decodes, two in a row and with unknown fields too", () => {
    const two = fc.constantFrom(...names).chain((name) =>
      fc.record({
        name: fc.constant(name),
        parts: fc.array(
          fc.oneof(
            unknownField,
            valueOf(name).map((value) => encode(name, value)),
          ),
          { maxLength: 4 },
        ),
      }),
    );
    fc.assert(
      fc.property(two, ({ name, parts }) => {
        const bytes = concatBytes(...parts);
        expect(byUs(name, bytes)).toEqual(byRuntime(name, bytes));
      }),
      { numRuns: 300 },
    );
  });

  test("repeated numbers are taken packed and one by one, and bits above their width are dropped", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 70n - 1n })), fc.nat(), (values, cut) => {
        const at = cut % (values.length + 1);
        const single = values.slice(0, at).map((value) => concatBytes(Uint8Array.of(7 << 3), varint(value)));
        const packed = concatBytes(...values.slice(at).map(varint));
        const bytes = concatBytes(...single, Uint8Array.of((7 << 3) | 2), varint(BigInt(packed.length)), packed);
        const { compressions } = byUs("Hello", bytes);
        expect(compressions).toEqual(values.map((value) => Number(BigInt.asUintN(32, value))));
      }),
    );
  });

  test("arbitrary bytes are decoded or MALFORMED", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 60 }), (name, bytes) => {
        expect(outcomeOf(name, bytes)).toEqual(allowed);
      }),
      { numRuns: 2000 },
    );
  });

  test("changed messages are decoded or MALFORMED", () => {
    fc.assert(
      fc.property(anyMessage, fc.array(change, { minLength: 1, maxLength: 3 }), ({ name, bytes }, changes) => {
        let changed = bytes;
        for (const apply of changes) changed = apply(changed);
        expect(outcomeOf(name, changed)).toEqual(allowed);
      }),
      { numRuns: 1000 },
    );
  });

  test("very many entries are MALFORMED like too many", () => {
    const packed = new Uint8Array(300_000).fill(1);
    const bytes = concatBytes(Uint8Array.of((7 << 3) | 2), varint(BigInt(packed.length)), packed);
    expect((byUs("Hello", bytes)["compressions"] as number[]).length).toBe(packed.length);
    expect(outcomeOf("Hello", bytes)).toBe("MALFORMED");
  });

  test("the caller's own values outside their bounds are MISUSE", () => {
    const misused: readonly (() => unknown)[] = [
      () => encodeMessage("Goodbye", { code: 99 }),
      () => encodeMessage("Goodbye", { code: 100, text: "é".repeat(129) }),
      () => encodeMessage("Proof", { signature: new Uint8Array(63) }),
      () => encodeMessage("PeerRecordBody", { addresses: ["ä"] }),
      () => encodeMessage("PeerRecordBody", { addresses: new Array<string>(9).fill("a") }),
    ];
    for (const encodeIt of misused)
      expect(encodeIt).toThrow(expect.objectContaining({ code: "MISUSE", origin: "local" }));
    expect(() => encodeMessage("Goodbye", { code: 100, text: "é".repeat(128) })).not.toThrow();
  });

  test("names of messages are those of the registry", () => {
    expect(names.every(isMessageName)).toBe(true);
    expect(isMessageName("toString")).toBe(false);
  });
});
