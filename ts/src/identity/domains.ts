// Domain separation: section 0.2. Every hash and every signature of Motet says what it is for.

import { asciiBytes, concatBytes } from "../bytes/index.js";
import type { Hasher } from "../ports/index.js";

/** A domain as it is hashed: its ASCII bytes and 00. */
const domain = (name: string): Uint8Array => concatBytes(asciiBytes(name), Uint8Array.of(0));

export const Domain = {
  NETWORK: domain("motet/1 network"),
  WORK: domain("motet/1 work"),
  PEER: domain("motet/1 peer"),
  PROOF: domain("motet/1 proof"),
  MESSAGE: domain("motet/1 message"),
  AUTHORITY: domain("motet/1 authority"),
  RING: domain("motet/1 ring"),
  KEY: domain("motet/1 key"),
  TABLE: domain("motet/1 table"),
  RECORD: domain("motet/1 record"),
} as const;

/** H(domain, parts…), 32 new bytes. */
export function hashIn(hasher: Hasher, prefix: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return hasher.sha256(concatBytes(prefix, ...parts));
}

/** What Sign and Verify hand to Ed25519: domain ‖ 00 ‖ digest. */
export function signedMessage(prefix: Uint8Array, digest: Uint8Array): Uint8Array {
  return concatBytes(prefix, digest);
}
