// Byte checks on Ed25519 keys and signatures: sections 1.1 and 1.2. The equation itself is the platform's.

import { parseHex } from "../bytes/index.js";

export const nodeIdBytes = 32;
export const signatureBytes = 64;

const fromHex = (text: string): Uint8Array => parseHex(text) as Uint8Array;

/** Values of y (sign bit masked off) that no key may have, besides y ≥ p. */
const smallOrder = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].map(fromHex);

/** p = 2^255 − 19, little-endian. */
const fieldPrime = fromHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
/** L, the order of the base point, little-endian. */
const groupOrder = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

const maskAt = (i: number): number => (i === nodeIdBytes - 1 ? 0x7f : 0xff);

/** Whether the 32 bytes at `offset`, little-endian under a mask for the last byte, are below `bound`. */
function isBelow(bytes: Uint8Array, offset: number, bound: Uint8Array, mask: (i: number) => number): boolean {
  for (let i = nodeIdBytes - 1; i >= 0; i--) {
    const difference = ((bytes[offset + i] as number) & mask(i)) - (bound[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function isY(bytes: Uint8Array, offset: number, y: Uint8Array): boolean {
  for (let i = 0; i < nodeIdBytes; i++) if (((bytes[offset + i] as number) & maskAt(i)) !== y[i]) return false;
  return true;
}

/** Whether the 32 bytes at `offset` pass the test of r[id.key.valid]. */
function isPointEncoding(bytes: Uint8Array, offset: number): boolean {
  if (!isBelow(bytes, offset, fieldPrime, maskAt)) return false;
  for (const y of smallOrder) if (isY(bytes, offset, y)) return false;
  return true;
}

/** Whether the 32 bytes at `offset` can be a node id: r[id.key.valid]. */
export function isValidKey(bytes: Uint8Array, offset = 0): boolean {
  // r[id.key.valid]
  if (!isPointEncoding(bytes, offset)) return false;
  return true;
}

/** Whether key and signature pass the byte checks of section 1.2, so that the equation decides. */
export function passesSignatureChecks(key: Uint8Array, signature: Uint8Array): boolean {
  // r[sig.s.range] mutate: `return false` => `{ let borrow = 0; for (let i = 0; i < 32; i++) { const d = signature[32 + i] - groupOrder[i] - borrow; borrow = d < 0 ? 1 : 0; signature[32 + i] = d & 255; } }`
  if (!isBelow(signature, nodeIdBytes, groupOrder, () => 0xff)) return false;
  // r[sig.r.valid]
  if (!isPointEncoding(signature, 0)) return false;
  // r[sig.key.valid]
  if (!isPointEncoding(key, 0)) return false;
  return true;
}
