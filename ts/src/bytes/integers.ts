// Big-endian integers at an offset, without DataView objects on the hot path. Callers have checked the length.
// A u64 is split into two 32-bit halves where it is only compared, and a bigint where it is shown.

const at = (bytes: Uint8Array, offset: number): number => bytes[offset] as number;

export function readU16(bytes: Uint8Array, offset: number): number {
  return (at(bytes, offset) << 8) | at(bytes, offset + 1);
}

export function readU24(bytes: Uint8Array, offset: number): number {
  return (at(bytes, offset) << 16) | (at(bytes, offset + 1) << 8) | at(bytes, offset + 2);
}

export function readU32(bytes: Uint8Array, offset: number): number {
  return (
    ((at(bytes, offset) << 24) |
      (at(bytes, offset + 1) << 16) |
      (at(bytes, offset + 2) << 8) |
      at(bytes, offset + 3)) >>>
    0
  );
}

export function readU64(bytes: Uint8Array, offset: number): bigint {
  return (BigInt(readU32(bytes, offset)) << 32n) | BigInt(readU32(bytes, offset + 4));
}

export function writeU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

export function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

export function writeU64(bytes: Uint8Array, offset: number, value: bigint): void {
  writeU32(bytes, offset, Number(value >> 32n));
  writeU32(bytes, offset + 4, Number(value & 0xffffffffn));
}

/** Whether the u64 at `offset` is at most 2^63 − 1: section 0.2. */
export function isU63(bytes: Uint8Array, offset: number): boolean {
  return at(bytes, offset) < 0x80;
}

/** The largest u64 of the protocol, 2^63 − 1. */
export const maxU63 = 0x7fffffffffffffffn;
