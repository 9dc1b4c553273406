// What flooding is told about peers and asks of its owner. A peer is a small number, its *slot*, never a connection.

import type { VerdictName } from "../gen/registry.js";
import type { Network } from "../identity/index.js";
import type { Hasher, Limits, Random, SignatureService } from "../ports/index.js";

export interface FloodContext {
  readonly network: Network;
  readonly nodeId: Uint8Array;
  readonly limits: Limits;
  readonly hasher: Hasher;
  readonly random: Random;
  readonly signatures: SignatureService;
}

/** A broadcast on its way to the application. */
export interface Delivery {
  /** Message id, 32 bytes. */
  readonly id: Uint8Array;
  /** Content as section 4.2 lays it out; shared with the relay queues, so nobody may change it. */
  readonly content: Uint8Array;
  /** The application's payload where the content holds it compressed; absent where it stands in the content as it is. */
  readonly decompressed?: Uint8Array;
  /** Tag of the copy that was accepted. */
  readonly hops: number;
  /** Node id of the peer that sent it, 32 bytes. */
  readonly from: Uint8Array;
}

/** What the owner of a flood does for it. */
export interface FloodOwner {
  /** Queues a payload for one peer; a full queue drops it. */
  relay(slot: number, payload: Uint8Array, hops: number): void;
  /** Queues one of this node's own broadcasts for one peer. */
  publish(slot: number, payload: Uint8Array): void;
  /** Whether the application lets an accepted broadcast pass: one that it refuses is neither delivered nor relayed. */
  admits(delivery: Delivery): boolean;
  deliver(delivery: Delivery): void;
  /** A peer has earned penalties. @param isRival in a session that has lost to another one of it: they end nothing. */
  penalize(slot: number, points: number, badSignature: boolean, isRival: boolean): void;
  /** Tells a peer the highest sequence that was accepted of it: its own broadcast was below the window. */
  stale(slot: number, highest: bigint): void;
  /** A lane that was full has room again. */
  relieved(slot: number): void;
}

/** Counts of verdicts since the start. */
export type VerdictCounts = Record<VerdictName, number>;
