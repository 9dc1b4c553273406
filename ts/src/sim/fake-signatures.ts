// Signatures that cost next to nothing: they pass the byte checks of section 1.2 and verify exactly when key and message are
// those that were signed. Anyone could forge them; what plays an attacker here does not.

import type { VerifyRequest } from "../ports/index.js";

const signatureWords = 16;

function absorb(state: number, bytes: Uint8Array): number {
  let mixed = state;
  for (let i = 0; i < bytes.length; i++) mixed = Math.imul(mixed ^ (bytes[i] as number), 0x01000193);
  return mixed ^ (mixed >>> 15);
}

/** Signs with the key of a node id, which is no secret here. */
export function fakeSign(key: Uint8Array, message: Uint8Array): Uint8Array {
  const [a, b] = [absorb(absorb(0x811c9dc5, key), message), absorb(absorb(0x2f0b4c47, message), key)];
  const signature = new Uint8Array(4 * signatureWords);
  for (let word = 0; word < signatureWords; word++) {
    let mixed = Math.imul(a + Math.imul(word + 1, 0x9e3779b9), 0x85ebca6b) ^ b;
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    for (let i = 0; i < 4; i++) signature[4 * word + i] = mixed >>> (8 * i);
  }
  // R is below the prime and of no small order, S below the order of the group.
  signature[31] = ((signature[31] as number) & 0x1f) | 0x20;
  signature[63] = (signature[63] as number) & 0x0f;
  return signature;
}

export function fakeVerify({ key, message, signature }: VerifyRequest): boolean {
  const right = fakeSign(key, message);
  for (let i = 0; i < right.length; i++) if (right[i] !== signature[i]) return false;
  return true;
}
