// One copy of a broadcast that waits for a verification, its own or another copy's.

import type { LaneEntry } from "./lane.js";
import type { FloodPeer } from "./peer.js";

const noId = new Uint8Array(0);

/** What an entry costs besides its payload, roughly. */
export const entryOverheadBytes = 128;

export interface CopyOwner {
  takeTurn(copy: SignedCopy): void;
}

export class SignedCopy implements LaneEntry {
  readonly peer: FloodPeer;
  /** Shared with other copies of the same bytes. */
  readonly payload: Uint8Array;
  /** Tag of the frame. */
  readonly hops: number;
  /** Its pair, as a key of a map. */
  readonly key: string;
  /** Whether it came in a session that has lost to another one of its peer. */
  readonly isFromRival: boolean;
  readonly #owner: CopyOwner;
  isDecided = false;
  /** Whether it is the copy that was verified for its pair, and with what outcome. */
  isHolder = false;
  isValid = false;
  /** Message id, once it was computed. */
  id: Uint8Array = noId;

  constructor(owner: CopyOwner, peer: FloodPeer, payload: Uint8Array, hops: number, key: string) {
    this.#owner = owner;
    this.peer = peer;
    this.isFromRival = peer.isRival;
    this.payload = payload;
    this.hops = hops;
    this.key = key;
  }

  get bytes(): number {
    return entryOverheadBytes + this.payload.length;
  }

  run(): void {
    this.#owner.takeTurn(this);
  }
}
