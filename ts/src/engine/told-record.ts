// Peer records that somebody else tells of: one that breaks a rule is left out, and nobody is blamed for it.

import { ProtocolError } from "../errors/index.js";
import { decodeRecord, type Network, type PeerRecord } from "../identity/index.js";
import type { Hasher } from "../ports/index.js";

/** Decodes a record, its signature not verified; undefined when it is none. */
export function readToldRecord(hasher: Hasher, network: Network, bytes: Uint8Array): PeerRecord | undefined {
  try {
    return decodeRecord(hasher, network, bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
