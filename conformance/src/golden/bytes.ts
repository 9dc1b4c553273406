// Byte strings: concatenation, big-endian integers, hex, UTF-8. Knows nothing of the protocol.
// Hex is lower case only, as link/1 and the vectors write it.

export type Bytes = Uint8Array;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Joins byte strings into a new one. */
export function concat(...parts: readonly Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** True when both hold the same bytes. */
export function equalBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** `size` bytes of one value. */
export function filled(size: number, value = 0): Bytes {
  return new Uint8Array(size).fill(value);
}

/** Big-endian unsigned integer of `size` bytes; higher bits are cut off, as a defective value may need. */
export function uint(value: number | bigint, size: number): Bytes {
  const out = new Uint8Array(size);
  let rest = BigInt(value);
  for (let at = size - 1; at >= 0; at--) {
    out[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

/** Reads a big-endian unsigned integer of up to 6 bytes. */
export function readUint(bytes: Bytes, at: number, size: number): number {
  let value = 0;
  for (let index = 0; index < size; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

/** Reads a big-endian u64. */
export function readU64(bytes: Bytes, at: number): bigint {
  return (BigInt(readUint(bytes, at, 4)) << 32n) | BigInt(readUint(bytes, at + 4, 4));
}

export function toHex(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** Bytes of lower-case hex; throws TypeError for anything else. White space is not allowed. */
export function fromHex(hex: string): Bytes {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) throw new TypeError("not lower-case hex of whole bytes");
  return new Uint8Array(Buffer.from(hex, "hex"));
}

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes, or undefined when they are none. */
export function textOf(bytes: Bytes): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A copy with one byte replaced; negative positions count from the end. */
export function withByte(bytes: Bytes, at: number, value: number): Bytes {
  const out = Uint8Array.from(bytes);
  out[at < 0 ? bytes.length + at : at] = value;
  return out;
}

/** A copy with some bits of one byte flipped. */
export function flipped(bytes: Bytes, at: number, mask = 1): Bytes {
  const index = at < 0 ? bytes.length + at : at;
  return withByte(bytes, index, (bytes[index] ?? 0) ^ mask);
}
