// Where a node stands on the ring of its network: section 7.1. What lies between two positions is the ring's business.

import type { Hasher } from "../ports/index.js";
import { Domain, hashIn } from "./domains.js";
import type { Network } from "./network.js";

/** Position of a node, 32 new bytes. */
export function ringPositionOf(hasher: Hasher, network: Network, nodeId: Uint8Array): Uint8Array {
  // r[ring.position] mutate: `network.id, nodeId` => `nodeId, network.id`
  return hashIn(hasher, Domain.RING, network.id, nodeId);
}
