// Messages of the registry by name (2.4, 9.8): encode, decode, bounds. Works from the shapes of fields.json alone.
// In values, u64 is a bigint and bytes a Uint8Array; link.ts of the case types turns them into link/1 and back.
import { concat, fromHex, textOf, toHex, utf8, type Bytes } from "./bytes.js";
import { GoldenError } from "./errors.js";
import { messageShape, type Bounds, type FieldShape } from "./registry.js";
import { LENGTH, lengthField, parseFields, readPacked, VARINT, varintField, type RawField } from "./wire.js";

export type FieldItem = number | bigint | string | Bytes;
export type FieldValue = FieldItem | readonly FieldItem[];
/** Fields by their JSON name; absent ones have length 0, value 0 or no entries. */
export type MessageValue = Readonly<Record<string, FieldValue>>;

function emptyOf(field: FieldShape): FieldValue {
  if (field.repeated) return [];
  if (field.type === "bytes") return new Uint8Array();
  if (field.type === "string") return "";
  return field.type === "uint32" ? 0 : 0n;
}

const itemsOf = (value: FieldValue): readonly FieldItem[] => (Array.isArray(value) ? value : [value as FieldItem]);

function layItem(field: FieldShape, item: FieldItem): Bytes {
  if (typeof item === "string") return lengthField(field.number, utf8(item));
  return item instanceof Uint8Array ? lengthField(field.number, item) : varintField(field.number, item);
}

/** Bytes of a message without any check of bounds: fields in order, zero and empty ones left out. */
export function layMessage(name: string, value: MessageValue): Bytes {
  const parts: Bytes[] = [];
  for (const field of messageShape(name).fields) {
    const given = value[field.json] ?? emptyOf(field);
    for (const item of itemsOf(given)) {
      const zero = typeof item === "string" || item instanceof Uint8Array ? item.length === 0 : Number(item) === 0;
      if (field.repeated || !zero) parts.push(layItem(field, item));
    }
  }
  return concat(...parts);
}

/** Bytes of a message; MISUSE when a value breaks its bounds. */
export function encodeMessage(name: string, value: MessageValue): Bytes {
  for (const field of messageShape(name).fields) {
    const fault = boundsFault(field, value[field.json] ?? emptyOf(field));
    if (fault !== undefined) throw new GoldenError("MISUSE", "payload.bounds", `${name}.${field.json}: ${fault}`);
  }
  return layMessage(name, value);
}

/** Value of a message with every field of the registry, or MALFORMED. */
export function decodeMessage(name: string, bytes: Bytes): MessageValue {
  const { fields } = messageShape(name);
  const value: Record<string, FieldValue> = {};
  for (const field of fields) value[field.json] = emptyOf(field);
  for (const raw of parseFields(bytes)) {
    const field = fields.find((candidate) => candidate.number === raw.number);
    // r[payload.unknown]: parsed for its length, then forgotten.
    if (field === undefined) continue;
    const items = decodeItems(field, raw);
    const before = value[field.json];
    value[field.json] = field.repeated ? [...itemsOf(before as FieldValue), ...items] : (items[0] as FieldItem);
  }
  for (const field of fields) {
    const fault = boundsFault(field, value[field.json] as FieldValue);
    if (fault !== undefined) throw new GoldenError("MALFORMED", "payload.bounds", `${name}.${field.json}: ${fault}`);
  }
  return value;
}

function decodeItems(field: FieldShape, raw: RawField): FieldItem[] {
  const isNumber = field.type === "uint32" || field.type === "uint64";
  const packed = isNumber && field.repeated && raw.wireType === LENGTH;
  if (!packed && raw.wireType !== (isNumber ? VARINT : LENGTH)) {
    throw new GoldenError("MALFORMED", "payload.wire.type", `${field.json} with wire type ${raw.wireType}`, raw.at);
  }
  if (isNumber) {
    const values = packed ? readPacked(raw.bytes) : [raw.value];
    return values.map((value) =>
      field.type === "uint32" ? Number(BigInt.asUintN(32, value)) : BigInt.asUintN(64, value),
    );
  }
  if (field.type === "bytes") return [raw.bytes];
  const text = textOf(raw.bytes);
  if (text === undefined) throw new GoldenError("MALFORMED", "payload.utf8", `${field.json} is not UTF-8`, raw.at);
  return [text];
}

/** Says how a value breaks the bounds of its field, or undefined. */
export function boundsFault(field: FieldShape, value: FieldValue): string | undefined {
  const { bounds, repeated } = field;
  const items = itemsOf(value);
  if (repeated && bounds.maxItems !== undefined && items.length > bounds.maxItems) {
    return `${items.length} entries, at most ${bounds.maxItems}`;
  }
  for (const item of items) {
    const fault =
      typeof item === "number" || typeof item === "bigint" ? rangeFault(bounds, item) : sizeFault(bounds, item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function rangeFault(bounds: Bounds, value: number | bigint): string | undefined {
  if (bounds.min !== undefined && value < BigInt(bounds.min)) return `${value}, at least ${bounds.min}`;
  if (bounds.max !== undefined && value > BigInt(bounds.max)) return `${value}, at most ${bounds.max}`;
  return undefined;
}

function sizeFault(bounds: Bounds, value: string | Bytes): string | undefined {
  const bytes = typeof value === "string" ? utf8(value) : value;
  const { minBytes = 0, maxBytes = Infinity, exactOrEmpty, printable = false } = bounds;
  if (bytes.length < minBytes || bytes.length > maxBytes) return `${bytes.length} bytes`;
  if (exactOrEmpty !== undefined && bytes.length !== 0 && bytes.length !== exactOrEmpty) {
    return `${bytes.length} bytes, empty or ${exactOrEmpty}`;
  }
  if (printable && bytes.some((byte) => byte < 0x20 || byte > 0x7e)) return "a byte that is not printable ASCII";
  return undefined;
}

/** A value of the JSON of link/1, every field present: bytes as hex, u64 as a decimal string. */
export function toLinkValue(name: string, value: MessageValue): Record<string, unknown> {
  const item = (one: FieldItem): unknown => {
    if (one instanceof Uint8Array) return toHex(one);
    return typeof one === "bigint" ? one.toString() : one;
  };
  const entries = messageShape(name).fields.map((field) => {
    const given = value[field.json] ?? emptyOf(field);
    return [field.json, field.repeated ? itemsOf(given).map(item) : item(given as FieldItem)];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** The opposite of toLinkValue; members left out are absent fields. */
export function fromLinkValue(name: string, value: Readonly<Record<string, unknown>>): MessageValue {
  const item = (field: FieldShape, one: unknown): FieldItem => {
    if (field.type === "bytes") return fromHex(String(one));
    if (field.type === "uint64") return BigInt(String(one));
    return field.type === "uint32" ? Number(one) : String(one);
  };
  const entries = messageShape(name)
    .fields.filter((field) => value[field.json] !== undefined)
    .map((field) => {
      const given = value[field.json];
      return [field.json, field.repeated ? (given as unknown[]).map((one) => item(field, one)) : item(field, given)];
    });
  return Object.fromEntries(entries) as MessageValue;
}
