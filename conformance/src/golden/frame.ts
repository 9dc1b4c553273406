// Frame header (2.2): bytes, and the checks that a receiver makes as soon as the 8 bytes are there, in the order of the rules.
// Whether a response belongs to a request is for a session to say, not for this file.
import { concat, readUint, uint, type Bytes } from "./bytes.js";
import { GoldenError } from "./errors.js";
import { knownCommand } from "./registry.js";

export const HEADER_BYTES = 8;
export const RESPONSE = 0x80;
export const FAILED = 0x40;
export const REQUEST = 0x20;
export const RESERVED = 0x10;
export const COMPRESSION = 0x0f;

export interface FrameHeader {
  /** Length of the payload as sent. */
  readonly length: number;
  readonly flags: number;
  readonly command: number;
  readonly tag: number;
}

export interface Frame {
  readonly command: number;
  readonly flags: number;
  readonly tag: number;
  readonly payload: Bytes;
}

/** Bytes of a header, whatever its values. */
export function encodeHeader({ length, flags, command, tag }: FrameHeader): Bytes {
  return concat(uint(length, 3), uint(flags, 1), uint(command, 2), uint(tag, 2));
}

export function parseHeader(bytes: Bytes, at = 0): FrameHeader {
  return {
    length: readUint(bytes, at, 3),
    flags: readUint(bytes, at + 3, 1),
    command: readUint(bytes, at + 4, 2),
    tag: readUint(bytes, at + 6, 2),
  };
}

/** Bytes of a frame; `length` may lie, for a defect. */
export function encodeFrame(frame: Partial<Frame> & { command: number }, length = frame.payload?.length ?? 0): Bytes {
  const { command, flags = 0, tag = 0, payload = new Uint8Array() } = frame;
  return concat(encodeHeader({ length, flags, command, tag }), payload);
}

function refuse(rule: string, detail: string, at: number): never {
  throw new GoldenError("PROTOCOL_ERROR", rule, detail, at);
}

/** All checks of the header in their order. `receiveLimit` is PRE_READY_PAYLOAD_BYTES before READY. */
export function checkHeader(header: FrameHeader, receiveLimit: number): void {
  const { length, flags, command, tag } = header;
  if (length > receiveLimit) {
    throw new GoldenError("TOO_LARGE", "frame.length.limit", `${length} bytes, the limit is ${receiveLimit}`, 0);
  }
  const response = (flags & RESPONSE) !== 0;
  const request = (flags & REQUEST) !== 0;
  if (flags & RESERVED) refuse("frame.flags.reserved", "flag 10 is set", 3);
  if (flags & FAILED && !response) refuse("frame.flags.failed", "FAILED without RESPONSE", 3);
  if (response && request) refuse("frame.flags.both", "REQUEST with RESPONSE", 3);
  if ((response || request) && tag === 0) refuse("frame.tag.zero", "tag 0", 6);
  const shape = knownCommand(command);
  if (shape === undefined) return;
  const oneWay = !response && !request;
  if (oneWay ? !shape.oneWay : !shape.request) refuse("frame.flags.command", `command ${command}, flags ${flags}`, 3);
  if (oneWay && shape.tag === "ZERO" && tag !== 0) refuse("frame.tag.oneway", `one-way with tag ${tag}`, 6);
  if (flags & COMPRESSION && !shape.compressible) refuse("frame.compression.forbidden", "compressed", 3);
}

/** Exactly one frame: header checks first, then MALFORMED when the payload is not just as long as announced. */
export function decodeFrame(bytes: Bytes, receiveLimit: number): Frame {
  const malformed = (detail: string, at: number): never => {
    throw new GoldenError("MALFORMED", "frame.length.limit", detail, at);
  };
  if (bytes.length < HEADER_BYTES) malformed(`a header of ${bytes.length} bytes`, bytes.length);
  const header = parseHeader(bytes);
  checkHeader(header, receiveLimit);
  const size = HEADER_BYTES + header.length;
  if (bytes.length !== size)
    malformed(`${bytes.length} bytes where ${size} are announced`, Math.min(size, bytes.length));
  const { command, flags, tag } = header;
  return { command, flags, tag, payload: bytes.slice(HEADER_BYTES) };
}
