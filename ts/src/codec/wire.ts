// Decodes Protobuf payloads with the edges closed as section 2.4 has it. Common runtimes differ from it and from each
// other just there (byte order marks, long keys, wrong wire types), so reading is our own; all messages are flat.

import { decodeUtf8 } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import type { FieldBounds } from "../gen/registry.js";

const WireType = { VARINT: 0, FIXED64: 1, BYTES: 2, FIXED32: 5 } as const;
const longestVarint = 10;
const largestFieldNumber = 2 ** 29 - 1;

type Scalar = Uint8Array | string | number | bigint | boolean;
/** Values by field name, as the generated code names them. */
export type WireValue = Record<string, Scalar | Scalar[]>;

const malformed = (rule: string, what: string): ProtocolError => new ProtocolError("MALFORMED", what, { rule });

/** A place in a payload that only moves forward. */
class Cursor {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** A varint of up to 10 bytes at its full width. */
  varint(): bigint {
    let value = 0n;
    for (let i = 0; ; i++) {
      // r[payload.varint]
      if (i === longestVarint) throw malformed("payload.varint", "a varint of more than 10 bytes");
      const byte = this.#bytes[this.#offset];
      // r[payload.truncated] mutate: `throw malformed("payload.truncated", "the payload ends inside a varint")` => `return value`
      if (byte === undefined) throw malformed("payload.truncated", "the payload ends inside a varint");
      this.#offset++;
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      // r[payload.varint.long] mutate: `byte < 0x80` => `byte < 0x80 && (i === 0 || byte > 0 || (() => { throw malformed("payload.varint.long", "padded"); })())`
      if (byte < 0x80) return value;
    }
  }

  /** The next `length` bytes, as a view. */
  take(length: bigint): Uint8Array {
    const rest = this.#bytes.length - this.#offset;
    // r[payload.truncated]
    if (length > rest)
      throw malformed("payload.truncated", `a field of ${length} bytes is cut short, ${rest} are there`);
    this.#offset += Number(length);
    return this.#bytes.subarray(this.#offset - Number(length), this.#offset);
  }
}

const isLengthDelimited = (field: FieldBounds): boolean => field.type === "bytes" || field.type === "string";

function fitsField(field: FieldBounds, wireType: number): boolean {
  if (isLengthDelimited(field)) return wireType === WireType.BYTES;
  // r[payload.packed] mutate: `field.repeated && wireType` => `false && wireType`
  return wireType === WireType.VARINT || (field.repeated && wireType === WireType.BYTES);
}

/** A varint as the field's type has it: bits above its width are dropped. */
function numberOf(field: FieldBounds, value: bigint): Scalar {
  if (field.type === "bool") return value !== 0n;
  if (field.type === "uint64") return BigInt.asUintN(64, value);
  // r[payload.varint.width] mutate: `BigInt.asUintN(32, value)` => `value`
  return Number(BigInt.asUintN(32, value));
}

function textOf(field: FieldBounds, bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  // r[payload.utf8] mutate: `text === undefined` => `false`
  if (text === undefined) throw malformed("payload.utf8", `${field.name} is not valid UTF-8`);
  return text;
}

/** Values in one length-delimited field: one text or byte string, or packed numbers. */
function delimitedValues(field: FieldBounds, bytes: Uint8Array): Scalar[] {
  if (field.type === "bytes") return [bytes];
  if (field.type === "string") return [textOf(field, bytes)];
  const values: Scalar[] = [];
  const packed = new Cursor(bytes);
  while (!packed.isAtEnd) values.push(numberOf(field, packed.varint()));
  return values;
}

/** Reads one value of a wire type; those of an unknown field are only passed over. */
function readValues(cursor: Cursor, wireType: number, field: FieldBounds | undefined): Scalar[] {
  if (wireType === WireType.VARINT) {
    const value = cursor.varint();
    return field === undefined ? [] : [numberOf(field, value)];
  }
  if (wireType === WireType.FIXED64 || wireType === WireType.FIXED32) {
    cursor.take(wireType === WireType.FIXED64 ? 8n : 4n);
    return [];
  }
  // r[payload.group]
  if (wireType !== WireType.BYTES) throw malformed("payload.group", `wire type ${wireType}`);
  const bytes = cursor.take(cursor.varint());
  return field === undefined ? [] : delimitedValues(field, bytes);
}

/** A message in which no field was sent. */
function emptyValue(fields: readonly FieldBounds[]): WireValue {
  const zero = { bytes: new Uint8Array(0), string: "", bool: false, uint32: 0, uint64: 0n } as const;
  return Object.fromEntries(fields.map((field) => [field.json, field.repeated ? [] : zero[field.type]]));
}

function store(value: WireValue, field: FieldBounds, read: readonly Scalar[]): void {
  const known = value[field.json];
  if (Array.isArray(known)) for (const one of read) known.push(one);
  // r[payload.last] mutate: `value[field.json] = read.at(-1)` => `value[field.json] = value[field.json + 1] ??= read.at(-1)`
  if (!Array.isArray(known)) value[field.json] = read.at(-1) as Scalar;
}

/**
 * Decodes the fields of a payload; byte values are views of it.
 * @throws {ProtocolError} MALFORMED (r[payload.truncated], r[payload.field.number], r[payload.wire.type], r[payload.group],
 * r[payload.varint], r[payload.utf8])
 */
export function decodeWire(payload: Uint8Array, fields: readonly FieldBounds[]): WireValue {
  const cursor = new Cursor(payload);
  const value = emptyValue(fields);
  while (!cursor.isAtEnd) {
    const key = cursor.varint();
    const number = key >> 3n;
    const wireType = Number(key & 7n);
    // r[payload.order] mutate: `number < 1n` => `number < (cursor.previous ?? 0n) || (cursor.previous = number) < 1n`
    // r[payload.field.number]
    if (number < 1n || number > largestFieldNumber) throw malformed("payload.field.number", `field number ${number}`);
    const field = fields.find((candidate) => candidate.number === Number(number));
    // r[payload.wire.type]
    // r[payload.unknown] mutate: `field !== undefined && !fitsField` => `field === undefined || !fitsField`
    if (field !== undefined && !fitsField(field, wireType)) {
      throw malformed("payload.wire.type", `${field.name} with wire type ${wireType}`);
    }
    const read = readValues(cursor, wireType, field);
    if (field !== undefined && read.length > 0) store(value, field, read);
  }
  return value;
}
