// The edges that Protobuf leaves open, closed as section 2.4 has it: walks the fields of a payload before the Protobuf
// runtime decodes it, which by itself would accept or misread what is refused here.

import { isUtf8 } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import type { FieldBounds } from "../gen/registry.js";

const WireType = { VARINT: 0, FIXED64: 1, BYTES: 2, FIXED32: 5 } as const;
const longestVarint = 10;
const largestFieldNumber = 2 ** 29 - 1;

const malformed = (rule: string, what: string): ProtocolError => new ProtocolError("MALFORMED", what, { rule });

/** A place in a payload that only moves forward. */
class Cursor {
  offset = 0;
  readonly bytes: Uint8Array;
  readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.offset = start;
    this.end = end;
  }

  /** A varint of up to 10 bytes; exact up to 2^53, larger values stay larger. */
  varint(): number {
    let value = 0;
    for (let i = 0; ; i++) {
      // r[payload.varint]
      if (i === longestVarint) throw malformed("payload.varint", "a varint of more than 10 bytes");
      if (this.offset >= this.end) throw malformed("payload.truncated", "the payload ends inside a varint");
      const byte = this.bytes[this.offset++] as number;
      value += (byte & 0x7f) * 2 ** (7 * i);
      // r[payload.varint.long] mutate: `byte < 0x80` => `byte < 0x80 && (i === 0 || byte > 0 || (() => { throw malformed("payload.varint.long", "padded"); })())`
      if (byte < 0x80) return value;
    }
  }

  skip(length: number): void {
    // r[payload.truncated]
    if (length > this.end - this.offset)
      throw malformed("payload.truncated", `a field of ${length} bytes is cut short`);
    this.offset += length;
  }
}

function fitsField(field: FieldBounds, wireType: number): boolean {
  if (field.type === "bytes" || field.type === "string") return wireType === WireType.BYTES;
  // r[payload.packed] mutate: `field.repeated && wireType` => `false && wireType`
  return wireType === WireType.VARINT || (field.repeated && wireType === WireType.BYTES);
}

function checkValue(cursor: Cursor, wireType: number, field: FieldBounds | undefined): void {
  // r[payload.varint.width] mutate: `void cursor.varint()` => `void (cursor.varint() > 2 ** 32 && field?.type === "uint32" && (() => { throw malformed("payload.varint.width", "wide"); })())`
  if (wireType === WireType.VARINT) return void cursor.varint();
  if (wireType === WireType.FIXED64) return cursor.skip(8);
  if (wireType === WireType.FIXED32) return cursor.skip(4);
  // r[payload.group]
  if (wireType !== WireType.BYTES) throw malformed("payload.group", `wire type ${wireType}`);
  const length = cursor.varint();
  const start = cursor.offset;
  cursor.skip(length);
  if (field === undefined) return;
  // r[payload.utf8]
  if (field.type === "string" && !isUtf8(cursor.bytes, start, cursor.offset)) {
    throw malformed("payload.utf8", `${field.name} is not valid UTF-8`);
  }
  if (field.type !== "bytes" && field.type !== "string") checkPacked(new Cursor(cursor.bytes, start, cursor.offset));
}

function checkPacked(values: Cursor): void {
  while (values.offset < values.end) values.varint();
}

/**
 * Walks a payload as section 2.4 demands.
 * @throws {ProtocolError} MALFORMED (r[payload.truncated], r[payload.field.number], r[payload.wire.type], r[payload.group],
 * r[payload.varint], r[payload.utf8])
 */
export function checkWire(payload: Uint8Array, fields: readonly FieldBounds[]): void {
  const cursor = new Cursor(payload, 0, payload.length);
  while (cursor.offset < cursor.end) {
    const key = cursor.varint();
    const number = Math.floor(key / 8);
    const wireType = key % 8;
    // r[payload.field.number]
    // r[payload.last] mutate: `number < 1` => `number === cursor.previous || (cursor.previous = number) < 1`
    // r[payload.order] mutate: `number < 1` => `number < (cursor.previous ?? 0) || (cursor.previous = number) < 1`
    if (number < 1 || number > largestFieldNumber) throw malformed("payload.field.number", `field number ${number}`);
    const field = fields.find((candidate) => candidate.number === number);
    // r[payload.wire.type]
    // r[payload.unknown] mutate: `field !== undefined && !fitsField` => `field === undefined || !fitsField`
    if (field !== undefined && !fitsField(field, wireType)) {
      throw malformed("payload.wire.type", `${field.name} with wire type ${wireType}`);
    }
    checkValue(cursor, wireType, field);
  }
}
