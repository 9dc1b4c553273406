// Keys of the table, their ids and positions: section 8.1. Who owns a position is the ring's business.

import { concatBytes } from "../bytes/index.js";
import type { Hasher } from "../ports/index.js";
import { Domain, hashIn } from "./domains.js";
import type { Network } from "./network.js";

/** Kinds of key: section 8.1. */
export const KeyKind = { SHARED: 1, OWNED: 2, IMMUTABLE: 3 } as const;

/** Id of a key, 32 new bytes. @param key as in a record: of an owned one with its owner in front. */
export function keyIdOf(hasher: Hasher, network: Network, kind: number, key: Uint8Array): Uint8Array {
  // r[key.id] mutate: `Uint8Array.of(kind), key` => `key, Uint8Array.of(kind)`
  return hashIn(hasher, Domain.KEY, network.id, Uint8Array.of(kind), key);
}

/** Position `number` of a key on the ring, 32 new bytes. @param number 0…tables − 1. */
export function keyPositionOf(hasher: Hasher, keyId: Uint8Array, number: number): Uint8Array {
  // r[key.position] mutate: `Uint8Array.of(number), keyId` => `keyId, Uint8Array.of(number)`
  return hashIn(hasher, Domain.TABLE, Uint8Array.of(number), keyId);
}

/** The key of kind 2 with this name. @param owner node id. */
export function ownedKey(owner: Uint8Array, name: Uint8Array): Uint8Array {
  return concatBytes(owner, name);
}
