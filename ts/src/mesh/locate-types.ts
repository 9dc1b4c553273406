// What the search for nodes is told and asks of its owner. Peers are slots here as in flooding, never connections.

import type { PeerRecord } from "../identity/index.js";
import type { Limits, Random } from "../ports/index.js";
import type { SlidingRate } from "./sliding-rate.js";

export interface LocateContext {
  /** Node id of this node, 32 bytes. */
  readonly nodeId: Uint8Array;
  readonly limits: Limits;
  readonly random: Random;
}

/** What the owner of a locator does for it. No array handed over may be changed. */
export interface LocateOwner {
  /** This node's newest record. */
  ownRecord(): Uint8Array | undefined;
  /** A record of another node that has not expired. */
  knownRecord(wanted: Uint8Array): Uint8Array | undefined;
  /** Queues a LOCATE for one peer. */
  sendLocate(slot: number, query: Uint8Array, wanted: Uint8Array, hopsLeft: number): void;
  /** Queues a FOUND for one peer. */
  sendFound(slot: number, query: Uint8Array, record: Uint8Array): void;
  /** A search of this node has come to its end with a record. @param toldBy address of the peer that brought it. */
  located(record: PeerRecord, toldBy: string): void;
  /** A search of this node has come to its end without one. */
  notLocated(wanted: Uint8Array): void;
}

/** One stay of a peer: a slot goes to others after it. */
export interface LocatePeer {
  readonly slot: number;
  /** Its LOCATEs that were processed. */
  readonly processed: SlidingRate;
  isHere: boolean;
}
