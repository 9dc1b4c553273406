// Explains captured bytes of one direction field by field: preface, frames, payloads. Shows what is there, judges with the
// same code as the node, and goes as far as the bytes are understood.

import { readU16, readU24, readU32 } from "../bytes/index.js";
import { decompress } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import {
  checkHeader,
  commonVersion,
  decodePreface,
  firstApplicationCommand,
  Flag,
  headerBytes,
  isPrefaceStart,
  prefaceBytes,
  shapeOf,
  spokenVersions,
  type FrameHeader,
} from "../framing/index.js";
import { commandNames, Compression, Limit } from "../gen/registry.js";
import { Explainer, type Explained } from "./explainer.js";
import { explainBroadcast } from "./inspect-broadcast.js";
import { describePayload, explainMessage } from "./inspect-message.js";

/** What a capture holds, as far as it can be read. */
export interface Inspection {
  readonly lines: readonly Explained[];
  /** Whole frames that were explained. */
  readonly frames: number;
  /** Why not everything could be read, in one line with what to do next. */
  readonly problem?: string;
}

/** The capture is cut; what is there is in order. */
class Cut extends Error {}

/** Explains one direction of a session, from its preface or from the start of a frame. */
export function inspectBytes(bytes: Uint8Array): Inspection {
  if (bytes.length === 0) return { lines: [], frames: 0, problem: "there are no bytes; capture some of the stream" };
  const inspector = new Inspector(bytes);
  const { lines } = inspector.explainer;
  try {
    inspector.run();
    return { lines, frames: inspector.frames };
  } catch (error) {
    const count = inspector.frames;
    const before = `${count} ${count === 1 ? "frame before it was" : "frames before it were"} read`;
    if (error instanceof Cut)
      return { lines, frames: inspector.frames, problem: `${error.message}; ${before}; capture more of the stream` };
    if (!(error instanceof ProtocolError)) throw error;
    const where = `damaged at byte ${inspector.offset}, ${inspector.place}: ${error.message}`;
    const next =
      "a node refuses it so; check that the capture is of one direction and begins with a preface or a frame";
    return { lines, frames: inspector.frames, problem: `${where}; ${before}; ${next}` };
  }
}

class Inspector {
  readonly explainer: Explainer;
  /** Whole frames that were explained. */
  frames = 0;
  /** Where what is being explained begins, and what it is. */
  offset = 0;
  place = "preface";
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.explainer = new Explainer(bytes);
  }

  run(): void {
    this.offset = this.#explainPreface();
    while (this.offset < this.#bytes.length) {
      this.offset = this.#explainFrame(this.offset);
      this.frames++;
    }
  }

  #explainPreface(): number {
    const start = this.#bytes.subarray(0, prefaceBytes);
    if (start.length === 0 || !isPrefaceStart(start)) return 0;
    if (start.length < prefaceBytes) {
      this.explainer.add(0, start.length, "preface", "the beginning of one");
      throw new Cut(`the capture ends inside the preface, ${start.length} of its ${prefaceBytes} bytes are there`);
    }
    const range = decodePreface(start);
    this.explainer.add(0, 5, "preface.magic", '"MOTET"');
    this.explainer.add(5, 2, "preface.versions", `speaks ${range.lowest}…${range.highest}`);
    this.explainer.add(7, 1, "preface.end", "00");
    commonVersion(spokenVersions, range);
    return prefaceBytes;
  }

  #explainFrame(offset: number): number {
    const header = this.#explainHeader(offset);
    checkHeader(header, Limit.RECEIVE_MAX_BYTES, "frame.length.limit");
    const start = offset + headerBytes;
    const end = start + header.length;
    const there = this.#bytes.length - start;
    if (there < header.length) {
      if (there > 0) this.explainer.add(start, there, "payload", `the first ${there} of ${header.length} bytes`);
      throw new Cut(
        `the capture ends inside the payload of ${this.place} at byte ${offset}, ${there} of its ${header.length} bytes are there`,
      );
    }
    this.#explainBody(header, start, end);
    return end;
  }

  #explainHeader(offset: number): FrameHeader {
    const bytes = this.#bytes;
    this.place = "a frame";
    if (bytes.length - offset < headerBytes) {
      const there = bytes.length - offset;
      this.explainer.add(offset, there, "header", `the first ${there} of ${headerBytes} bytes`);
      throw new Cut(
        `the capture ends inside a header at byte ${offset}, ${there} of its ${headerBytes} bytes are there`,
      );
    }
    const command = readU16(bytes, offset + 4);
    const header = {
      length: readU24(bytes, offset),
      flags: bytes[offset + 3] ?? 0,
      command,
      tag: readU16(bytes, offset + 6),
    };
    this.place = commandNames.get(command) ?? rangeOf(command);
    this.explainer.add(offset, 3, "length", `${header.length} bytes of payload`);
    this.explainer.add(offset + 3, 1, "flags", describeFlags(header.flags));
    this.explainer.add(offset + 4, 2, "command", this.place);
    this.explainer.add(offset + 6, 2, "tag", describeTag(command, header.flags, header.tag));
    return header;
  }

  /** The payload, decompressed first where it has to be. */
  #explainBody(header: FrameHeader, start: number, end: number): void {
    const compression = header.flags & Flag.COMPRESSION;
    if (compression === 0 || shapeOf(header.command) === undefined) {
      return explainPayload(this.explainer, header, start, end);
    }
    if (end - start >= 4) this.explainer.add(start, 4, "originalSize", `${readU32(this.#bytes, start)} bytes`);
    if (end - start > 4) {
      this.explainer.add(
        start + 4,
        end - start - 4,
        "data",
        `${end - start - 4} bytes, ${nameOfCompression(compression)}`,
      );
    }
    const payload = decompress(compression, this.#bytes.subarray(start, end), Limit.RECEIVE_MAX_BYTES);
    explainPayload(this.explainer.decompressed(payload), header, 0, payload.length);
  }
}

function explainPayload(explainer: Explainer, { command, flags }: FrameHeader, start: number, end: number): void {
  const shape = shapeOf(command);
  const isKnown = shape !== undefined || command >= firstApplicationCommand;
  if ((flags & Flag.FAILED) !== 0 && isKnown) return explainMessage(explainer, "Error", start, end);
  if (shape?.name === "BROADCAST") return explainBroadcast(explainer, start, end);
  const name = (flags & Flag.RESPONSE) !== 0 ? shape?.answer : shape?.payload;
  if (name !== undefined && name !== "") return explainMessage(explainer, name, start, end);
  if (end === start) return;
  const bytes = explainer.bytes.subarray(start, end);
  const isApplications = command >= firstApplicationCommand;
  const unknown = `${bytes.length} bytes of a command that this version does not know`;
  explainer.add(start, bytes.length, "payload", isApplications ? describePayload(bytes) : unknown);
}

function nameOfCompression(id: number): string {
  return Object.entries(Compression).find(([, number]) => number === id)?.[0] ?? `compression ${id}`;
}

function describeFlags(flags: number): string {
  const names = (["RESPONSE", "FAILED", "REQUEST", "RESERVED"] as const).filter((name) => (flags & Flag[name]) !== 0);
  const compression = flags & Flag.COMPRESSION;
  const how = compression === 0 ? "not compressed" : `compressed, ${compression} ${nameOfCompression(compression)}`;
  return [...(names.length === 0 ? ["one-way"] : names), how].join(", ");
}

function describeTag(command: number, flags: number, tag: number): string {
  if ((flags & (Flag.REQUEST | Flag.RESPONSE)) !== 0) return `correlation id ${tag}`;
  const meaning = shapeOf(command)?.tag;
  if (meaning === "HOPS_SO_FAR") return `${tag} hops so far`;
  return meaning === "HOPS_LEFT" ? `${tag} hops left` : `${tag}`;
}

function rangeOf(command: number): string {
  const code = command.toString(16).padStart(4, "0");
  if (command >= firstApplicationCommand) return `${code}, a command of an application`;
  return command >= 0x0100 ? `${code}, a registered extension` : `${code}, reserved for the standard`;
}
