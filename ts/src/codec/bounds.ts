// Bounds of decoded fields: r[payload.bounds]. The numbers come from proto/, none stands here.

import { ProtocolError, misuse } from "../errors/index.js";
import { encodeUtf8 } from "../bytes/index.js";
import type { FieldBounds } from "../gen/registry.js";

type Scalar = Uint8Array | string | number | bigint | boolean;

const isPrintable = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

function checkLength(length: number, { bounds }: FieldBounds): string | undefined {
  if (length < (bounds.minBytes ?? 0)) return `${length} bytes, at least ${bounds.minBytes} are needed`;
  if (bounds.maxBytes !== undefined && length > bounds.maxBytes)
    return `${length} bytes, at most ${bounds.maxBytes} are taken`;
  if (bounds.exactOrEmpty !== undefined && length !== 0 && length !== bounds.exactOrEmpty) {
    return `${length} bytes, ${bounds.exactOrEmpty} or none are taken`;
  }
  return undefined;
}

function checkScalar(value: Scalar, field: FieldBounds): string | undefined {
  const { bounds } = field;
  if (value instanceof Uint8Array) return checkLength(value.length, field);
  if (typeof value === "string") {
    if (bounds.printable === true && !isPrintable(value)) return "not printable ASCII";
    return checkLength(encodeUtf8(value).length, field);
  }
  if (typeof value === "boolean") return undefined;
  if (bounds.min !== undefined && value < bounds.min) return `${value}, at least ${bounds.min} is needed`;
  if (bounds.max !== undefined && value > bounds.max) return `${value}, at most ${bounds.max} is taken`;
  return undefined;
}

function checkField(value: unknown, field: FieldBounds): string | undefined {
  if (!field.repeated) return checkScalar(value as Scalar, field);
  const items = value as readonly Scalar[];
  const { maxItems } = field.bounds;
  if (maxItems !== undefined && items.length > maxItems)
    return `${items.length} entries, at most ${maxItems} are taken`;
  for (const item of items) {
    const defect = checkScalar(item, field);
    if (defect !== undefined) return defect;
  }
  return undefined;
}

/** The first field outside its bounds, in words. */
function findDefect(value: Readonly<Record<string, unknown>>, fields: readonly FieldBounds[]): string | undefined {
  for (const field of fields) {
    const defect = checkField(value[field.json], field);
    if (defect !== undefined) return `${field.name}: ${defect}`;
  }
  return undefined;
}

/**
 * Checks what a peer sent.
 * @throws {ProtocolError} MALFORMED (r[payload.bounds])
 */
export function checkBounds(value: Readonly<Record<string, unknown>>, fields: readonly FieldBounds[]): void {
  const defect = findDefect(value, fields);
  // r[payload.bounds]
  if (defect !== undefined) throw new ProtocolError("MALFORMED", defect, { rule: "payload.bounds" });
}

/**
 * Checks what this program is about to send.
 * @throws {ProtocolError} MISUSE
 */
export function checkOwnBounds(value: Readonly<Record<string, unknown>>, fields: readonly FieldBounds[]): void {
  const defect = findDefect(value, fields);
  if (defect !== undefined) throw misuse(`${defect}; send a value within the bounds of section 9.8`);
}
