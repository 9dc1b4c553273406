// One peer as flooding sees it.

import { Lane } from "./lane.js";

export class FloodPeer {
  readonly slot: number;
  /** 32 bytes. */
  readonly nodeId: Uint8Array;
  /** Names this stay of the peer: origins that it introduces count for it. */
  readonly introduction: number;
  readonly lane = new Lane();
  /** Whether it still is a peer; what waits in its lane takes effect even when not. */
  isHere = true;

  constructor(slot: number, nodeId: Uint8Array, introduction: number) {
    this.slot = slot;
    this.nodeId = nodeId;
    this.introduction = introduction;
  }
}
