// Compressed broadcasts: section 4.2. Only who delivers one decompresses it; to a relay it is bytes like any other.

import { ContentOffset, decompress, Encoding, payloadOffset } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import { Compression } from "../gen/registry.js";

/** Whether a well-formed content holds its payload compressed. */
export function isCompressed(content: Uint8Array): boolean {
  return content[ContentOffset.ENCODING] === Encoding.DEFLATE;
}

/** The payload of a content that holds it compressed, as new bytes; `undefined` when its data is broken. */
export function decompressedPayload(content: Uint8Array, maxMessage: number): Uint8Array | undefined {
  try {
    return decompress(Compression.DEFLATE, content.subarray(payloadOffset(content)), maxMessage);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
