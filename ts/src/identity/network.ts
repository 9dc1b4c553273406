// A network as a node sees it: its parameters and its id, computed once.

import type { Hasher } from "../ports/index.js";
import { Policy } from "../gen/registry.js";
import { decodeDescriptor, encodeDescriptor, networkIdOf, type Descriptor } from "./descriptor.js";

export interface Network {
  readonly descriptor: Descriptor;
  /** 32 bytes. */
  readonly id: Uint8Array;
  readonly signed: boolean;
  readonly encryptionRequired: boolean;
}

/**
 * Works out a network from its encoded descriptor.
 * @throws {ProtocolError} MALFORMED (r[desc.decode])
 */
export function networkOf(hasher: Hasher, encoded: Uint8Array): Network {
  const descriptor = decodeDescriptor(encoded);
  return {
    descriptor,
    id: networkIdOf(hasher, encoded),
    signed: (descriptor.policy & Policy.UNSIGNED_BROADCASTS) === 0,
    encryptionRequired: (descriptor.policy & Policy.ENCRYPTION_REQUIRED) !== 0,
  };
}

/** The network that parameters describe. */
export function networkFrom(hasher: Hasher, descriptor: Descriptor): Network {
  return networkOf(hasher, encodeDescriptor(descriptor));
}
