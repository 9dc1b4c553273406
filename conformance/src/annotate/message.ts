// Says what the fields of a Protobuf payload are, field by field; a field is its key, its length and its value in one line.
import {
  FIXED32,
  FIXED64,
  GoldenError,
  LENGTH,
  messageShape,
  parseFields,
  readPacked,
  textOf,
  toHex,
  VARINT,
  type Bytes,
  type FieldShape,
  type RawField,
} from "../golden/index.js";
import type { Annotation } from "./annotate.js";

const WIRE_TYPES: Readonly<Record<number, string>> = {
  [VARINT]: "varint",
  [FIXED64]: "64 bits",
  [LENGTH]: "bytes",
  [FIXED32]: "32 bits",
};

function valueText(field: FieldShape | undefined, raw: RawField): string {
  if (raw.wireType === VARINT) return raw.value.toString();
  if (field?.type === "string") return JSON.stringify(textOf(raw.bytes) ?? toHex(raw.bytes));
  if (field?.repeated === true && field.type !== "bytes" && raw.wireType === LENGTH) return packedText(raw.bytes);
  return `${raw.bytes.length} bytes`;
}

function packedText(bytes: Bytes): string {
  try {
    return `packed: ${readPacked(bytes).join(", ")}`;
  } catch {
    return "packed, cut short";
  }
}

function fieldText(name: string, raw: RawField): string {
  const field = messageShape(name).fields.find((candidate) => candidate.number === raw.number);
  const known =
    field === undefined ? `unknown field ${raw.number} (${WIRE_TYPES[raw.wireType]})` : `${name}.${field.name}`;
  return `${known}: ${valueText(field, raw)}`;
}

/** Whole fields, as many as there are from the start, and where they end. */
function fieldsOf(bytes: Bytes): { fields: readonly RawField[]; why?: string } {
  try {
    return { fields: parseFields(bytes) };
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    // Fields before the broken one: each shorter prefix is tried, so this is for short payloads of failing cases.
    for (let length = bytes.length - 1; length > 0; length--) {
      try {
        return { fields: parseFields(bytes.slice(0, length)), why: error.message };
      } catch {
        continue;
      }
    }
    return { fields: [], why: error.message };
  }
}

export function annotateMessage(name: string, bytes: Bytes, base: number): readonly Annotation[] {
  const { fields, why } = fieldsOf(bytes);
  const lines = fields.map((raw) => ({
    at: base + raw.at,
    bytes: bytes.slice(raw.at, raw.end),
    meaning: fieldText(name, raw),
  }));
  const end = fields.at(-1)?.end ?? 0;
  if (end === bytes.length) return lines;
  return [...lines, { at: base + end, bytes: bytes.slice(end), meaning: why ?? "no field" }];
}
