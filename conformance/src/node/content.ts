// Bytes of an application that a step describes.
import { concat, fromHex, sha256, utf8, type Bytes } from "../golden/index.js";
import type { ContentOptions } from "./scenario-messaging.js";

const PANGRAM_BYTES = 45;

/** So many bytes that compress well and are not all the same. */
export function plainBytes(size: number): Bytes {
  const bytes = new Uint8Array(size);
  bytes.set(utf8("The quick brown fox jumps over the lazy dog. ").subarray(0, size));
  for (let filled = PANGRAM_BYTES; filled < size; filled *= 2) bytes.copyWithin(filled, 0, filled);
  return bytes;
}

/** So many bytes that do not compress, the same each time. */
export function noiseBytes(size: number): Bytes {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, index) => sha256(utf8(`noise ${index}`)));
  return concat(...blocks).slice(0, size);
}

/** Bytes of an application that a step describes. */
export function contentOf({ payload = "", hex, size, noise }: ContentOptions): Bytes {
  if (hex !== undefined) return fromHex(hex);
  if (size !== undefined) return plainBytes(size);
  return noise === undefined ? utf8(payload) : noiseBytes(noise);
}
