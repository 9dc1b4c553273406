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

  /** Passes over a varint of up to 10 bytes; answers where it began. */
  skipVarint(): number {
    const start = this.#offset;
    for (let i = 0; ; i++) {
      // r[payload.varint]
      if (i === longestVarint) throw malformed("payload.varint", "a varint of more than 10 bytes");
      const byte = this.#bytes[this.#offset];
      // r[payload.truncated] mutate: `throw malformed("payload.truncated", "the payload ends inside a varint")` => `return start`
      if (byte === undefined) throw malformed("payload.truncated", "the payload ends inside a varint");
      this.#offset++;
      // r[payload.varint.long] mutate: `byte < 0x80` => `byte < 0x80 && (i === 0 || byte > 0 || (() => { throw malformed("payload.varint.long", "padded"); })())`
      if (byte < 0x80) return start;
    }
  }

  /** A varint that is a key or a length: exact up to 2^53, larger values stay larger. */
  number(): number {
    const start = this.skipVarint();
    let value = 0;
    for (let at = this.#offset - 1; at >= start; at--) value = value * 0x80 + ((this.#bytes[at] as number) & 0x7f);
    return value;
  }

  /** A varint at its full width. */
  bigint(): bigint {
    const start = this.skipVarint();
    let value = 0n;
    for (let at = this.#offset - 1; at >= start; at--)
      value = (value << 7n) | BigInt((this.#bytes[at] as number) & 0x7f);
    return value;
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    const rest = this.#bytes.length - this.#offset;
    // r[payload.truncated]
    if (length > rest)
      throw malformed("payload.truncated", `a field of ${length} bytes is cut short, ${rest} are there`);
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
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
  while (!packed.isAtEnd) values.push(numberOf(field, packed.bigint()));
  return values;
}

/** Reads one value of a wire type; those of an unknown field are only passed over. */
function readValues(cursor: Cursor, wireType: number, field: FieldBounds | undefined): Scalar[] {
  if (wireType === WireType.VARINT) {
    if (field !== undefined) return [numberOf(field, cursor.bigint())];
    cursor.skipVarint();
    return [];
  }
  if (wireType === WireType.FIXED64 || wireType === WireType.FIXED32) {
    cursor.take(wireType === WireType.FIXED64 ? 8 : 4);
    return [];
  }
  // r[payload.group]
  if (wireType !== WireType.BYTES) throw malformed("payload.group", `wire type ${wireType}`);
  const bytes = cursor.take(cursor.number());
  return field === undefined ? [] : delimitedValues(field, bytes);
}

const zero = { bytes: new Uint8Array(0), string: "", bool: false, uint32: 0, uint64: 0n } as const;

/** A message in which no field was sent. */
function emptyValue(fields: readonly FieldBounds[]): WireValue {
  const value: WireValue = {};
  for (const { json, repeated, type } of fields) value[json] = repeated ? [] : zero[type];
  return value;
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
    const key = cursor.number();
    const number = Math.floor(key / 8);
    const wireType = key % 8;
    // r[payload.order] mutate: `number < 1` => `number < (cursor.previous ?? 0) || (cursor.previous = number) < 1`
    // r[payload.field.number]
    if (number < 1 || number > largestFieldNumber) throw malformed("payload.field.number", `field number ${number}`);
    const field = fields.find((candidate) => candidate.number === number);
    // r[payload.wire.type]
    // r[payload.unknown] mutate: `field !== undefined && !fitsField(field, wireType)` => `(field === undefined && (() => { throw malformed("payload.unknown", "x"); })()) || !fitsField(field, wireType)`
    if (field !== undefined && !fitsField(field, wireType)) {
      throw malformed("payload.wire.type", `${field.name} with wire type ${wireType}`);
    }
    const read = readValues(cursor, wireType, field);
    if (field !== undefined && read.length > 0) store(value, field, read);
  }
  return value;
}
