// Compressed broadcasts: section 4.2. Only who delivers one decompresses it; to a relay it is bytes like any other.

import { ContentOffset, decompress } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import { Compression } from "../gen/registry.js";

/** Encoding of a payload in raw deflate. */
const deflated = 1;

/** Whether a well-formed content holds its payload compressed. */
export function isCompressed(content: Uint8Array): boolean {
  return content[ContentOffset.ENCODING] === deflated;
}

/** The payload of a content that holds it compressed, as new bytes; `undefined` when its data is broken. */
export function decompressedPayload(content: Uint8Array, maxMessage: number): Uint8Array | undefined {
  const start = ContentOffset.CHANNEL + (content[ContentOffset.CHANNEL_LENGTH] as number);
  try {
    return decompress(Compression.DEFLATE, content.subarray(start), maxMessage);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
