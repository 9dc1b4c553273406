// Whom an initiator wants, read from its first bytes: for a listener that several nodes share (3.3). It judges nothing: what
// is wrong with the bytes is told by the node that gets them.

import { readU24 } from "../bytes/index.js";
import { decodeMessage } from "../codec/index.js";
import { headerBytes, isPrefaceStart, prefaceBytes } from "../framing/index.js";
import { Limit } from "../gen/registry.js";

const helloOffset = prefaceBytes + headerBytes;

/** Most bytes that are needed to know. */
export const wantedBytes = helloOffset + Limit.PRE_READY_PAYLOAD_BYTES;

/**
 * Whom the preface and HELLO at the start of a connection want: 32 bytes, empty for nobody in particular or bytes that are
 * no HELLO; nothing while more bytes are needed.
 */
export function wantedOf(bytes: Uint8Array): Uint8Array | undefined {
  const nobody = new Uint8Array(0);
  if (!isPrefaceStart(bytes.subarray(0, prefaceBytes))) return nobody;
  if (bytes.length < helloOffset) return undefined;
  const end = helloOffset + readU24(bytes, prefaceBytes);
  if (end > wantedBytes) return nobody;
  if (bytes.length < end) return undefined;
  try {
    return decodeMessage("Hello", bytes.slice(helloOffset, end)).wanted;
  } catch {
    return nobody;
  }
}
