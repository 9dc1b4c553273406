// What became of each broadcast of a run: who accepted it when, in which run of its process, and how many frames carried it.
// Reads frames as they leave; judges nothing.

import { readU16, readU24, readU32 } from "../bytes/index.js";
import { broadcastSignatureBytes, ContentOffset } from "../codec/index.js";
import { headerBytes } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import type { Reach } from "./peerings.js";

const contentStart = 1 + broadcastSignatureBytes;
const never = -1;

export interface Flood {
  readonly label: string;
  /** Number of the honest node that made it; absent for attackers' own. */
  origin?: number;
  /** When it was made, µs; −1 before that. */
  atUs: number;
  /** Links among the nodes that could be reached when it was made, and these nodes; 0 where that cannot be said. */
  reach: Reach;
  /** When each node accepted it, µs, and in which run of its process; −1 for never. */
  readonly acceptedUs: Float64Array;
  readonly acceptedRun: Int32Array;
  /** Frames from honest node to honest node. */
  frames: number;
  /** When the last of them left, µs. */
  lastUs: number;
  /** An attacker has sent it, or something under its name. */
  isTouched: boolean;
}

export class Floods {
  readonly #nodes: number;
  readonly #byOrigin = new Map<number, Map<number, Flood>>();
  readonly all: Flood[] = [];
  /** Bytes of broadcasts of others that each node has sent, and the most that it was allowed. */
  readonly forwarded: Float64Array;
  readonly allowed: Float64Array;
  /** Broadcast frames that honest nodes have sent. */
  frames = 0;
  deliveries = 0;

  constructor(nodes: number) {
    this.#nodes = nodes;
    this.forwarded = new Float64Array(nodes);
    this.allowed = new Float64Array(nodes);
  }

  /** The flood of an origin, by the first four bytes of its id, and the lower half of a sequence. */
  #of(origin: number, sequence: number): Flood {
    let floods = this.#byOrigin.get(origin);
    if (floods === undefined) this.#byOrigin.set(origin, (floods = new Map()));
    let flood = floods.get(sequence);
    if (flood === undefined) {
      flood = {
        label: `${origin.toString(16).padStart(8, "0")}/${sequence.toString(16)}`,
        atUs: never,
        reach: { links: 0, nodes: 0 },
        acceptedUs: new Float64Array(this.#nodes).fill(never),
        acceptedRun: new Int32Array(this.#nodes).fill(never),
        frames: 0,
        lastUs: 0,
        isTouched: false,
      };
      floods.set(sequence, flood);
      this.all.push(flood);
    }
    return flood;
  }

  named(origin: Uint8Array, sequence: bigint): Flood {
    return this.#of(readU32(origin, 0), Number(sequence & 0xffffffffn));
  }

  /** An attacker sends a payload. */
  touched(payload: Uint8Array): void {
    if (payload.length < contentStart + ContentOffset.SENT_AT) return;
    this.#inPayload(payload, 0).isTouched = true;
  }

  #inPayload(bytes: Uint8Array, start: number): Flood {
    const content = start + contentStart;
    return this.#of(readU32(bytes, content), readU32(bytes, content + ContentOffset.SEQUENCE + 4));
  }

  /**
   * An honest node sends a chunk of whole frames.
   * @param skipped bytes in front of the first frame. @param isHonest the receiver is.
   */
  sent(node: number, chunk: Uint8Array, skipped: number, isHonest: boolean, nowUs: number): void {
    for (let at = skipped; at + headerBytes <= chunk.length;) {
      const length = readU24(chunk, at);
      if (readU16(chunk, at + 4) === Command.BROADCAST) {
        const flood = this.#inPayload(chunk, at + headerBytes);
        this.frames++;
        if (flood.origin !== node) this.forwarded[node] = (this.forwarded[node] as number) + length;
        if (isHonest) {
          flood.frames++;
          flood.lastUs = nowUs;
        }
      }
      at += headerBytes + length;
    }
  }

  /** A node has accepted a broadcast of `contentBytes`; false when it had done so before in this run. */
  accepted(flood: Flood, node: number, run: number, nowUs: number): boolean {
    if (flood.acceptedRun[node] === run) return false;
    flood.acceptedRun[node] = run;
    flood.acceptedUs[node] = nowUs;
    return true;
  }

  /** A node may relay a broadcast to this many peers. */
  allow(node: number, contentBytes: number, peers: number): void {
    this.allowed[node] = (this.allowed[node] as number) + (contentStart + contentBytes) * peers;
  }
}
