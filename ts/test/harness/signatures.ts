// Signatures that cost a hash: they pass the byte checks of section 1.2 and verify exactly when key and message are those
// that were signed. Worth nothing against anyone, and many times as quick as Ed25519.

import { concatBytes, equalBytes } from "../../src/bytes/index.js";
import type { VerifyRequest } from "../../src/ports/index.js";
import { hasher } from "../../src/runtime/index.js";

export { hasher };

export function fakeSign(key: Uint8Array, message: Uint8Array): Uint8Array {
  const r = hasher.sha256(concatBytes(key, message));
  const s = hasher.sha256(r);
  // S < L: the four highest bits are 0.
  s[31] = (s[31] as number) & 0x0f;
  return concatBytes(r, s);
}

export const fakeVerify = ({ key, message, signature }: VerifyRequest): boolean =>
  equalBytes(signature, fakeSign(key, message));
