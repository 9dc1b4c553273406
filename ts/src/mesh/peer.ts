// One peer as flooding sees it.

import type { Limits } from "../ports/index.js";
import { CopyRate } from "./copy-rate.js";
import { Lane } from "./lane.js";
import { SlidingRate } from "./sliding-rate.js";

export class FloodPeer {
  readonly slot: number;
  /** 32 bytes. */
  readonly nodeId: Uint8Array;
  /** Names this stay of the peer: origins that it introduces count for it. */
  readonly introduction: number;
  /** Origins that it has introduced, its own not among them. */
  readonly introduced: SlidingRate;
  /** Broadcasts that it has brought first. */
  readonly copies: CopyRate;
  readonly lane = new Lane();
  /** Whether it still is a peer; what waits in its lane takes effect even when not. */
  isHere = true;
  /** Whether what is looked at now has come in a session that has lost to another one of this peer. */
  isRival = false;

  constructor(slot: number, nodeId: Uint8Array, introduction: number, limits: Limits) {
    this.slot = slot;
    this.nodeId = nodeId;
    this.introduction = introduction;
    this.introduced = new SlidingRate(limits.ORIGINS_PER_SECOND);
    this.copies = new CopyRate(limits.COPIES_PER_SECOND);
  }
}
