// Which offers a node may make of itself: what it says that it takes has bounds in its network.

import { misuse } from "../errors/index.js";
import { leastReceiveLimit, type Offer } from "../session/index.js";
import type { EngineConfig } from "./engine-types.js";

/** @throws {ProtocolError} MISUSE for a receive limit below what the network needs, or above what a frame holds */
export function checkOffer(
  { network, limits }: Pick<EngineConfig, "network" | "limits">,
  { receiveLimit }: Offer,
): void {
  const [least, most] = [leastReceiveLimit(network, limits), limits.RECEIVE_MAX_BYTES];
  if (!Number.isInteger(receiveLimit) || receiveLimit < least || receiveLimit > most)
    throw misuse(`receiveLimit cannot be ${receiveLimit}; in this network it is from ${least} to ${most} bytes`);
}
