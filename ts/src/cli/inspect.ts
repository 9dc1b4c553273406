// Explains captured bytes field by field: preface, frames, payloads, records. Shows what is there, judges with the same
// code as the node, and goes as far as the bytes are understood.

import { decodeUtf8, formatHex, readU16, readU24, readU64 } from "../bytes/index.js";
import { decodeMessage, isWellFormedContent } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import {
  checkHeader,
  commonVersion,
  decodePreface,
  Flag,
  headerBytes,
  isPrefaceStart,
  prefaceBytes,
  shapeOf,
  spokenVersions,
} from "../framing/index.js";
import { commandNames, Limit, messageBounds, type MessageName } from "../gen/registry.js";
import { formatNodeId } from "../identity/index.js";

/** One explained stretch of bytes. */
export interface Explained {
  readonly offset: number;
  readonly length: number;
  readonly hex: string;
  readonly field: string;
  readonly meaning: string;
}

const longestHex = 48;

/** Collects explanations while it walks through the bytes. */
class Explainer {
  readonly lines: Explained[] = [];
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  add(offset: number, length: number, field: string, meaning: string): void {
    const hex = formatHex(this.#bytes.subarray(offset, offset + length));
    const shown = hex.length > longestHex ? `${hex.slice(0, longestHex)}…` : hex;
    this.lines.push({ offset, length, hex: shown, field, meaning });
  }

  /** Explains everything; what cannot be read ends it with the error that a node would answer. */
  explainAll(): void {
    let offset = this.#explainPreface();
    while (offset < this.#bytes.length) offset = this.#explainFrame(offset);
  }

  #explainPreface(): number {
    if (!isPrefaceStart(this.#bytes.subarray(0, prefaceBytes)) || this.#bytes.length < prefaceBytes) return 0;
    const range = decodePreface(this.#bytes.subarray(0, prefaceBytes));
    this.add(0, 5, "preface.magic", '"MOTET"');
    this.add(5, 2, "preface.versions", `speaks ${range.lowest}…${range.highest}`);
    this.add(7, 1, "preface.end", "00");
    commonVersion(spokenVersions, range);
    return prefaceBytes;
  }

  #explainFrame(offset: number): number {
    const bytes = this.#bytes;
    const rest = bytes.length - offset;
    if (rest < headerBytes)
      throw new ProtocolError(
        "MALFORMED",
        `${rest} bytes are left, a header has ${headerBytes}; capture more of the stream`,
      );
    const header = {
      length: readU24(bytes, offset),
      flags: bytes[offset + 3] ?? 0,
      command: readU16(bytes, offset + 4),
      tag: readU16(bytes, offset + 6),
    };
    this.add(offset, 3, "length", `${header.length} bytes of payload`);
    this.add(offset + 3, 1, "flags", describeFlags(header.flags));
    this.add(offset + 4, 2, "command", commandNames.get(header.command) ?? rangeOf(header.command));
    this.add(offset + 6, 2, "tag", describeTag(header.command, header.flags, header.tag));
    checkHeader(header, Limit.RECEIVE_MAX_BYTES, "frame.length.limit");
    const start = offset + headerBytes;
    const end = start + header.length;
    if (end > bytes.length)
      throw new ProtocolError(
        "MALFORMED",
        `the payload has ${header.length} bytes, ${bytes.length - start} are there; capture more of the stream`,
      );
    this.#explainPayload(start, end, header.command, header.flags);
    return end;
  }

  #explainPayload(start: number, end: number, command: number, flags: number): void {
    const shape = shapeOf(command);
    if ((flags & Flag.FAILED) !== 0) return this.#explainMessage("Error", start, end);
    if (shape?.name === "BROADCAST") return this.#explainBroadcast(start, end);
    const name = (flags & Flag.RESPONSE) !== 0 ? shape?.answer : shape?.payload;
    if (name !== undefined && name !== "") return this.#explainMessage(name, start, end);
    if (end > start) this.add(start, end - start, "payload", "of a command that this version does not know");
  }

  #explainMessage(name: MessageName, start: number, end: number): void {
    decodeMessage(name, this.#bytes.subarray(start, end));
    let offset = start;
    while (offset < end) offset = this.#explainField(name, offset);
  }

  /** One field of a payload that was decoded, so that its shape is sure. */
  #explainField(name: MessageName, start: number): number {
    const [key, valueAt] = readVarint(this.#bytes, start);
    const field = messageBounds[name].find((candidate) => BigInt(candidate.number) === key >> 3n);
    const label = `${name}.${field?.json ?? `field ${key >> 3n}`}`;
    const wireType = Number(key & 7n);
    if (wireType === 0) {
      const [value, end] = readVarint(this.#bytes, valueAt);
      this.add(start, end - start, label, `${value}`);
      return end;
    }
    const [length, dataAt] = wireType === 2 ? readVarint(this.#bytes, valueAt) : [wireType === 1 ? 8n : 4n, valueAt];
    const end = dataAt + Number(length);
    const value = this.#bytes.subarray(dataAt, end);
    this.add(
      start,
      end - start,
      label,
      field?.type === "string" ? JSON.stringify(decodeUtf8(value)) : describeBytes(label, value),
    );
    if (label === "Hello.record") this.#explainRecord(dataAt, end);
    return end;
  }

  #explainRecord(start: number, end: number): void {
    const bytes = this.#bytes;
    this.add(start, 32, "record.nodeId", formatNodeId(bytes.subarray(start, start + 32)));
    this.add(start + 32, 8, "record.issued", formatTime(readU64(bytes, start + 32)));
    this.add(start + 40, 8, "record.expires", formatTime(readU64(bytes, start + 40)));
    this.add(start + 48, 8, "record.incarnation", formatTime(readU64(bytes, start + 48)));
    this.#explainMessage("PeerRecordBody", start + 56, end - 64);
    this.add(end - 64, 64, "record.signature", "Ed25519");
  }

  #explainBroadcast(start: number, end: number): void {
    const bytes = this.#bytes;
    const signature = bytes[start] ?? 0;
    const content = start + 1 + signature;
    this.add(start, 1, "broadcast.signatureLength", signature === 0 ? "0, unsigned network" : `${signature}`);
    if ((signature !== 0 && signature !== 64) || content + 50 > end || !isWellFormedContent(bytes, content, end)) {
      throw new ProtocolError(
        "MALFORMED",
        "the broadcast is not laid out as section 4.2 has it; compare it with the table there",
      );
    }
    if (signature > 0) this.add(start + 1, signature, "broadcast.signature", "Ed25519 over the message id");
    this.add(content, 32, "broadcast.origin", formatNodeId(bytes.subarray(content, content + 32)));
    this.add(content + 32, 8, "broadcast.sequence", `${readU64(bytes, content + 32)}`);
    this.add(content + 40, 8, "broadcast.sentAt", formatTime(readU64(bytes, content + 40)));
    this.add(content + 48, 1, "broadcast.encoding", "0, none");
    const channel = bytes[content + 49] ?? 0;
    this.add(content + 49, 1, "broadcast.channelLength", `${channel}`);
    if (channel > 0)
      this.add(
        content + 50,
        channel,
        "broadcast.channel",
        JSON.stringify(decodeUtf8(bytes.subarray(content + 50, content + 50 + channel))),
      );
    const payload = content + 50 + channel;
    if (end > payload)
      this.add(payload, end - payload, "broadcast.payload", `${end - payload} bytes of the application`);
  }
}

function readVarint(bytes: Uint8Array, start: number): [value: bigint, end: number] {
  let value = 0n;
  for (let offset = start, shift = 0n; ; offset++, shift += 7n) {
    const byte = bytes[offset] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, offset + 1];
  }
}

function describeFlags(flags: number): string {
  const names = (["RESPONSE", "FAILED", "REQUEST", "RESERVED"] as const).filter((name) => (flags & Flag[name]) !== 0);
  const compression = flags & Flag.COMPRESSION;
  return [
    ...(names.length === 0 ? ["one-way"] : names),
    compression === 0 ? "not compressed" : `compression ${compression}`,
  ].join(", ");
}

function describeTag(command: number, flags: number, tag: number): string {
  if ((flags & (Flag.REQUEST | Flag.RESPONSE)) !== 0) return `correlation id ${tag}`;
  return shapeOf(command)?.tag === "HOPS_SO_FAR" ? `${tag} hops so far` : `${tag}`;
}

function rangeOf(command: number): string {
  if (command >= 0x8000) return "a command of an application";
  return command >= 0x0100 ? "a registered extension" : "reserved for the standard";
}

function describeBytes(label: string, value: Uint8Array): string {
  return label === "Hello.wanted" && value.length === 32 ? formatNodeId(value) : `${value.length} bytes`;
}

function formatTime(ms: bigint): string {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) ? `${ms}` : `${ms}, ${date.toISOString()}`;
}

/** Explains bytes; `error` is what a node would answer where they stop making sense. */
export function inspectBytes(bytes: Uint8Array): { lines: readonly Explained[]; error: ProtocolError | undefined } {
  const explainer = new Explainer(bytes);
  try {
    explainer.explainAll();
    return { lines: explainer.lines, error: undefined };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { lines: explainer.lines, error };
  }
}
