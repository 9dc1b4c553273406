// The 8-byte frame header and the checks on it, in the order of section 2.2. Knows no payload.

import { writeU16 } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { Command, commandShapes, type Code, type CommandShape } from "../gen/registry.js";

export const headerBytes = 8;

/** Bits of the flags byte. */
export const Flag = { RESPONSE: 0x80, FAILED: 0x40, REQUEST: 0x20, RESERVED: 0x10, COMPRESSION: 0x0f } as const;

export interface FrameHeader {
  /** Bytes of payload as sent, at most 2^24 − 1. */
  readonly length: number;
  readonly flags: number;
  readonly command: number;
  readonly tag: number;
}

/** Shape of a command that this implementation knows; reserved ones it does not know. */
export function shapeOf(command: number): CommandShape | undefined {
  const shape = commandShapes.get(command);
  return shape?.reserved === false ? shape : undefined;
}

/** First command that belongs to applications: 9.1. */
export const firstApplicationCommand = 0x8000;

/** r[app.command.shape]: what an application has defined may be sent one-way with tag 0 or as a request. */
const applicationShape = {
  name: "a command of the application",
  oneWay: true,
  request: true,
  tag: "ZERO",
  compressible: false,
} as const;

type Shape = Pick<CommandShape, "oneWay" | "request" | "tag" | "compressible"> & { readonly name: string };

/** Whether those alone know a command who take part in the ring: 7.2, and chapter 8. */
const isOfMembers = (command: number): boolean =>
  (command >= Command.STATE && command <= Command.STEP) || (command >= Command.PUT && command <= Command.WATCH);

/** Whether a command is known that not every node knows; without another answer all of the registry are. */
export type IsDefined = (command: number) => boolean;
export const isOfRegistry: IsDefined = (command) => command < firstApplicationCommand;

/** Whether a command is known: by the registry, because the application has defined it, or as a member of the ring. */
export function isKnown(command: number, isDefined: IsDefined): boolean {
  if (command >= firstApplicationCommand || isOfMembers(command)) return isDefined(command);
  return shapeOf(command) !== undefined;
}

const refuse = (code: Code, rule: string, what: string): ProtocolError => new ProtocolError(code, what, { rule });

function checkFlags({ flags, tag }: FrameHeader): void {
  // r[frame.flags.reserved]
  if ((flags & Flag.RESERVED) !== 0) throw refuse("PROTOCOL_ERROR", "frame.flags.reserved", "flag 10 is set");
  // r[frame.flags.failed]
  if ((flags & Flag.FAILED) !== 0 && (flags & Flag.RESPONSE) === 0) {
    throw refuse("PROTOCOL_ERROR", "frame.flags.failed", "FAILED without RESPONSE");
  }
  // r[frame.flags.both]
  if ((flags & Flag.REQUEST) !== 0 && (flags & Flag.RESPONSE) !== 0) {
    throw refuse("PROTOCOL_ERROR", "frame.flags.both", "REQUEST together with RESPONSE");
  }
  // r[frame.tag.zero]
  if ((flags & (Flag.REQUEST | Flag.RESPONSE)) !== 0 && tag === 0) {
    throw refuse("PROTOCOL_ERROR", "frame.tag.zero", "a request or response with tag 0");
  }
}

function checkCommand(shape: Shape, { flags, tag }: FrameHeader): void {
  const oneWay = (flags & (Flag.REQUEST | Flag.RESPONSE)) === 0;
  // r[frame.flags.command]
  if (oneWay ? !shape.oneWay : !shape.request) {
    throw refuse(
      "PROTOCOL_ERROR",
      "frame.flags.command",
      `${shape.name} as ${oneWay ? "one-way" : "request or response"}`,
    );
  }
  // r[frame.tag.oneway]
  if (oneWay && tag !== 0 && shape.tag === "ZERO") {
    throw refuse("PROTOCOL_ERROR", "frame.tag.oneway", `${shape.name} with tag ${tag}`);
  }
  // r[frame.compression.forbidden]
  if ((flags & Flag.COMPRESSION) !== 0 && !shape.compressible) {
    throw refuse("PROTOCOL_ERROR", "frame.compression.forbidden", `${shape.name} with a compressed payload`);
  }
}

/** Shape of a frame that the registry sets; answers of members have theirs for whoever asks. */
function shapeFor({ command, flags }: FrameHeader, isDefined: IsDefined): CommandShape | undefined {
  const isUnknown = isOfMembers(command) && (flags & Flag.RESPONSE) === 0 && !isDefined(command);
  return isUnknown ? undefined : shapeOf(command);
}

/**
 * Makes all checks of section 2.2 on a header, in their order.
 * @param limit the longest payload that is taken, bytes.
 * @param rule the rule that sets the limit.
 * @param isDefined whether a command of the application or of the ring is known.
 * @throws {ProtocolError} TOO_LARGE, PROTOCOL_ERROR
 */
export function checkHeader(
  header: FrameHeader,
  limit: number,
  rule: string,
  isDefined: IsDefined = isOfRegistry,
): void {
  // r[frame.length.limit]
  if (header.length > limit) {
    throw refuse("TOO_LARGE", rule, `a frame of ${header.length} bytes where at most ${limit} are taken`);
  }
  checkFlags(header);
  const isApplications = header.command >= firstApplicationCommand && isDefined(header.command);
  // r[app.command.shape] mutate: `isApplications` => `false`
  const shape = shapeFor(header, isDefined) ?? (isApplications ? applicationShape : undefined);
  if (shape !== undefined) checkCommand(shape, header);
}

/** Writes a header into 8 bytes at `offset`. */
export function writeHeader(bytes: Uint8Array, offset: number, header: FrameHeader): void {
  bytes[offset] = header.length >>> 16;
  writeU16(bytes, offset + 1, header.length & 0xffff);
  bytes[offset + 3] = header.flags;
  writeU16(bytes, offset + 4, header.command);
  writeU16(bytes, offset + 6, header.tag);
}

/** One whole frame as new bytes. */
export function encodeFrame(header: Omit<FrameHeader, "length">, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerBytes + payload.length);
  writeHeader(frame, 0, { ...header, length: payload.length });
  frame.set(payload, headerBytes);
  return frame;
}
