// proto3 wire format by hand: pieces to build any field, right or defective, and a parser into raw fields (2.4).
// Knows varints, keys and wire types; what a field number means is known to message.ts.
import { concat, type Bytes } from "./bytes.js";
import { GoldenError } from "./errors.js";

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const FIXED32 = 5;
const FIELD_MAX = 2n ** 29n - 1n;

export interface RawField {
  readonly number: number;
  readonly wireType: number;
  /** Value of a varint, up to 70 bits; 0 for other wire types. */
  readonly value: bigint;
  /** Content of a length-delimited or fixed field; empty for a varint. */
  readonly bytes: Bytes;
  /** Offset of the field key. */
  readonly at: number;
  /** Offset behind the field. */
  readonly end: number;
}

/** A varint, padded to `width` bytes when that is more than it needs. Ten bytes hold 70 bits; the value may use them. */
export function varint(value: number | bigint, width = 0): Bytes {
  const out: number[] = [];
  let rest = BigInt(value);
  while (rest > 0x7fn || out.length + 1 < width) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}

/** Field key; any number and wire type. */
export function fieldKey(number: number | bigint, wireType: number): Bytes {
  return varint((BigInt(number) << 3n) | BigInt(wireType));
}

/** A varint field. */
export function varintField(number: number, value: number | bigint, width = 0): Bytes {
  return concat(fieldKey(number, VARINT), varint(value, width));
}

/** A length-delimited field; `length` may lie, for a defect. */
export function lengthField(number: number, bytes: Bytes, length: number | bigint = bytes.length): Bytes {
  return concat(fieldKey(number, LENGTH), varint(length), bytes);
}

/** A repeated number, packed. */
export function packedField(number: number, values: readonly (number | bigint)[]): Bytes {
  return lengthField(number, concat(...values.map((value) => varint(value))));
}

function refuse(rule: string, detail: string, at: number): never {
  throw new GoldenError("MALFORMED", rule, detail, at);
}

/** Reads a varint: all its bits, 70 at most, and the offset behind it. Keys and lengths are used at this width. */
export function readVarint(bytes: Bytes, at: number): { value: bigint; end: number } {
  let value = 0n;
  for (let index = 0; ; index++) {
    if (index === 10) refuse("payload.varint", "a varint of more than 10 bytes", at);
    const byte = bytes[at + index];
    if (byte === undefined) refuse("payload.truncated", "ends inside a varint", at + index);
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
}

/** All varints of a packed field. */
export function readPacked(bytes: Bytes): bigint[] {
  const values: bigint[] = [];
  for (let at = 0; at < bytes.length;) {
    const { value, end } = readVarint(bytes, at);
    values.push(value);
    at = end;
  }
  return values;
}

function readField(bytes: Bytes, at: number): RawField {
  const key = readVarint(bytes, at);
  const number = key.value >> 3n;
  const wireType = Number(key.value & 7n);
  if (number === 0n || number > FIELD_MAX) refuse("payload.field.number", `field number ${number}`, at);
  const field = { number: Number(number), wireType, at };
  if (wireType === VARINT) {
    const { value, end } = readVarint(bytes, key.end);
    return { ...field, value, bytes: new Uint8Array(), end };
  }
  const size = sizeOf(bytes, wireType, key.end);
  const end = size.start + size.length;
  if (end > bytes.length) refuse("payload.truncated", `ends inside field ${number}`, bytes.length);
  return { ...field, value: 0n, bytes: bytes.slice(size.start, end), end };
}

function sizeOf(bytes: Bytes, wireType: number, at: number): { start: number; length: number } {
  if (wireType === FIXED64) return { start: at, length: 8 };
  if (wireType === FIXED32) return { start: at, length: 4 };
  if (wireType !== LENGTH) refuse("payload.group", `wire type ${wireType}`, at);
  const { value, end } = readVarint(bytes, at);
  return { start: end, length: value > 2n ** 32n ? 2 ** 32 : Number(value) };
}

/** Cuts a payload into its fields, or throws MALFORMED. */
export function parseFields(bytes: Bytes): RawField[] {
  const fields: RawField[] = [];
  for (let at = 0; at < bytes.length;) {
    const field = readField(bytes, at);
    fields.push(field);
    at = field.end;
  }
  return fields;
}
