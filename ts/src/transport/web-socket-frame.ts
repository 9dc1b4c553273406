// One frame of RFC 6455 as it is written: always a whole message. An initiator masks with fresh random bytes.

import { randomFillSync } from "node:crypto";
import { maskInPlace } from "./web-socket-mask.js";

const maskBytes = 4;
const masks = new Uint8Array(8192);
let nextMask = masks.length;

/** Where the four bytes of a fresh mask begin in `masks`: random bytes are cheap by the thousand. */
function freshMask(): number {
  if (nextMask === masks.length) {
    randomFillSync(masks);
    nextMask = 0;
  }
  nextMask += maskBytes;
  return nextMask - maskBytes;
}

/** A frame, payload included; `payload` stays the caller's. */
export function encodeWebSocketFrame(opcode: number, payload: Uint8Array, isMasking: boolean): Uint8Array {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const headerBytes = 2 + lengthBytes + (isMasking ? maskBytes : 0);
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = 0x80 | opcode;
  frame[1] = (isMasking ? 0x80 : 0) | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) frame.writeUInt16BE(length, 2);
  if (lengthBytes === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(payload, headerBytes);
  if (!isMasking) return frame;
  const at = freshMask();
  const mask = masks.subarray(at, at + maskBytes);
  frame.set(mask, headerBytes - maskBytes);
  maskInPlace(frame.subarray(headerBytes), mask, 0);
  return frame;
}
