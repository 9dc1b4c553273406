// Explains payloads that are Protobuf messages, and the signed records inside them.

import { decodeUtf8, readU64 } from "../bytes/index.js";
import { decodeMessage } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import {
  BindingKind,
  Compression,
  errorNames,
  Feature,
  messageBounds,
  Phase,
  type FieldBounds,
  type MessageName,
} from "../gen/registry.js";
import { formatNetworkId, formatNodeId } from "../identity/index.js";
import type { Explainer } from "./explainer.js";
import { showPayload, showTime } from "./show.js";

const nodeIds = new Set(["Hello.wanted", "Locate.wanted"]);
const applications = new Set(["Tell.payload", "Ask.payload", "AskAnswer.payload"]);
/** Fields that hold records: those of the ring name nodes by them. */
const recordFields = /\.records?$|^StateAnswer\.(self|predecessor|successors)$|^StepAnswer\.(owners|next)$/;
/** Fields that hold encoded records of the table. */
const tableFields = /^(Put|GetAnswer|Changed)\.record$|^PutAnswer\.newer$|^SyncAnswer\.records$/;
const longestShown = 64;

/** Explains the message at `bytes[start … end)`. @throws {ProtocolError} MALFORMED */
export function explainMessage(explainer: Explainer, name: MessageName, start: number, end: number): void {
  decodeMessage(name, explainer.bytes.subarray(start, end));
  let offset = start;
  while (offset < end) offset = explainField(explainer, name, offset);
}

/** One field of a payload that was decoded, so that its shape is sure. */
function explainField(explainer: Explainer, name: MessageName, start: number): number {
  const { bytes } = explainer;
  const [key, valueAt] = readVarint(bytes, start);
  const field: FieldBounds | undefined = messageBounds[name].find(({ number }) => BigInt(number) === key >> 3n);
  const label = `${name}.${field?.json ?? `field ${key >> 3n}`}`;
  const wireType = Number(key & 7n);
  if (wireType === 0) {
    const [value, end] = readVarint(bytes, valueAt);
    explainer.add(start, end - start, label, field === undefined ? `${value}, unknown` : describeNumber(label, value));
    return end;
  }
  const [length, dataAt] = wireType === 2 ? readVarint(bytes, valueAt) : [wireType === 1 ? 8n : 4n, valueAt];
  const end = dataAt + Number(length);
  explainer.add(start, end - start, label, describeBytes(label, field, bytes.subarray(dataAt, end)));
  if (end === dataAt) return end;
  if (tableFields.test(label)) explainTableRecord(explainer, dataAt, end);
  else if (recordFields.test(label)) explainRecord(explainer, dataAt, end);
  return end;
}

/** The record of the table at `bytes[start … end)`. One that is none is refused alone, and ends no session: section 8.4. */
function explainTableRecord(explainer: Explainer, start: number, end: number): void {
  try {
    explainMessage(explainer, "Record", start, end);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

/** The record at `bytes[start … end)`: section 1.6. Its signature needs the network, which a capture does not tell. */
function explainRecord(explainer: Explainer, start: number, end: number): void {
  const { bytes } = explainer;
  explainer.add(start, 32, "record.nodeId", formatNodeId(bytes.subarray(start, start + 32)));
  explainer.add(start + 32, 8, "record.issued", showTime(readU64(bytes, start + 32)));
  explainer.add(start + 40, 8, "record.expires", showTime(readU64(bytes, start + 40)));
  explainer.add(start + 48, 8, "record.incarnation", showTime(readU64(bytes, start + 48)));
  explainMessage(explainer, "PeerRecordBody", start + 56, end - 64);
  explainer.add(end - 64, 64, "record.signature", "Ed25519");
}

function readVarint(bytes: Uint8Array, start: number): [value: bigint, end: number] {
  let value = 0n;
  for (let offset = start, shift = 0n; ; offset++, shift += 7n) {
    const byte = bytes[offset] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, offset + 1];
  }
}

const nameIn = (numbers: Readonly<Record<string, number>>, number: number): string | undefined =>
  Object.entries(numbers).find(([, value]) => value === number)?.[0];

/** The name of a number, where the registry has one. */
function nameOf(label: string, value: bigint): string | undefined {
  const number = Number(BigInt.asUintN(32, value));
  switch (label) {
    case "Goodbye.code":
    case "Error.code":
      return errorNames.get(number);
    case "Hello.compressions":
    case "Update.compressions":
      return nameIn(Compression, number);
    case "Hello.bindingKinds":
    case "Proof.bindingKind":
      return number === 0 ? "none" : nameIn(BindingKind, number);
    case "Hello.features":
    case "PeerRecordBody.features":
      return nameIn(Feature, number);
    case "StateAnswer.phase":
      return nameIn(Phase, number);
    default:
      return undefined;
  }
}

function describeNumber(label: string, value: bigint): string {
  if (label === "Hello.clockMs") return showTime(value);
  if (label.endsWith("Ms")) return `${value} ms`;
  const name = nameOf(label, value);
  return name === undefined ? `${value}` : `${value} ${name}`;
}

/** Numbers of a repeated field, one behind the other. */
function describePacked(label: string, value: Uint8Array): string {
  const numbers: string[] = [];
  for (let offset = 0; offset < value.length;) {
    const [number, end] = readVarint(value, offset);
    numbers.push(describeNumber(label, number));
    offset = end;
  }
  return numbers.join(", ");
}

function describeBytes(label: string, field: FieldBounds | undefined, value: Uint8Array): string {
  const size = `${value.length} bytes`;
  if (field === undefined) return `${size}, unknown`;
  if (field.type === "string") return JSON.stringify(decodeUtf8(value));
  if (field.type === "uint32") return describePacked(label, value);
  if (label === "Hello.networkId") return formatNetworkId(value);
  if (nodeIds.has(label) && value.length === 32) return formatNodeId(value);
  if (applications.has(label)) return describePayload(value);
  return size;
}

/** Bytes of an application, shown where they are a short text. */
export function describePayload(value: Uint8Array): string {
  const size = `${value.length} bytes of the application`;
  const isShown = value.length > 0 && value.length <= longestShown;
  return isShown ? `${size}: ${JSON.stringify(showPayload(value))}` : size;
}
