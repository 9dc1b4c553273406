// Hashes with domain separation (0.2) and the work of a node id (1.5).
import { createHash } from "node:crypto";
import { concat, filled, utf8, type Bytes } from "./bytes.js";

export function sha256(...parts: readonly Bytes[]): Bytes {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

export function sha512(...parts: readonly Bytes[]): Bytes {
  const hash = createHash("sha512");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** H(domain, x…) of section 0.2. */
export function domainHash(domain: string, ...parts: readonly Bytes[]): Bytes {
  return sha256(utf8(domain), filled(1), ...parts);
}

/** What Sign and Verify put before the digest: domain ‖ 00 ‖ digest. */
export function signedBytes(domain: string, digest: Bytes): Bytes {
  return concat(utf8(domain), filled(1), digest);
}

/** Leading zero bits of H("motet/1 work", node id). */
export function workOf(nodeId: Bytes): number {
  const digest = domainHash("motet/1 work", nodeId);
  const first = digest.findIndex((byte) => byte !== 0);
  return first < 0 ? 256 : first * 8 + Math.clz32(digest[first] ?? 0) - 24;
}

/** Digest that a PROOF signs (3.4). */
export interface ProofTranscript {
  /** The signer's role: 0 initiator, 1 responder. */
  readonly role: number;
  readonly initiatorPreface: Bytes;
  readonly responderPreface: Bytes;
  /** Payload of the initiator's HELLO as sent. */
  readonly initiatorHello: Bytes;
  readonly responderHello: Bytes;
  readonly bindingKind: number;
  /** 32 bytes, zeros for kind 0. */
  readonly binding: Bytes;
}

export function proofDigest(transcript: ProofTranscript): Bytes {
  return domainHash(
    "motet/1 proof",
    Uint8Array.of(transcript.role),
    transcript.initiatorPreface,
    transcript.responderPreface,
    sha256(transcript.initiatorHello),
    sha256(transcript.responderHello),
    Uint8Array.of(transcript.bindingKind),
    transcript.binding,
  );
}
