// The transcript that ties a proof to one connection, one pair and one direction: section 3.4.

import { concatBytes } from "../bytes/index.js";
import { Domain, hashIn, signedMessage } from "../identity/index.js";
import type { Hasher } from "../ports/index.js";
import type { SessionRole } from "./session-types.js";

export interface Transcript {
  readonly initiatorPreface: Uint8Array;
  readonly responderPreface: Uint8Array;
  /** HELLO payload as sent or received. */
  readonly initiatorHello: Uint8Array;
  readonly responderHello: Uint8Array;
  readonly bindingKind: number;
  /** 32 bytes; zeros for kind 0. */
  readonly binding: Uint8Array;
}

/** The digest that a side signs, 32 new bytes. */
export function proofDigest(hasher: Hasher, role: SessionRole, transcript: Transcript): Uint8Array {
  return hashIn(
    hasher,
    Domain.PROOF,
    Uint8Array.of(role === "initiator" ? 0 : 1),
    transcript.initiatorPreface,
    transcript.responderPreface,
    hasher.sha256(transcript.initiatorHello),
    hasher.sha256(transcript.responderHello),
    concatBytes(Uint8Array.of(transcript.bindingKind), transcript.binding),
  );
}

/** What Ed25519 signs and verifies for a proof. */
export function proofMessage(hasher: Hasher, role: SessionRole, transcript: Transcript): Uint8Array {
  return signedMessage(Domain.PROOF, proofDigest(hasher, role, transcript));
}
