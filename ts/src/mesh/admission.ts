// Which broadcasts are admissible, by what anyone can see in them: steps 3 to 6 of section 4.5. Signed and unsigned
// networks share them. Looks at views, makes nothing.

import { readU32 } from "../bytes/index.js";
import {
  broadcastSignatureBytes,
  compressionDefect,
  ContentOffset,
  hasBroadcastHead,
  isWellFormedContent,
} from "../codec/index.js";
import { hasWork, isValidKey } from "../identity/index.js";
import type { FloodContext } from "./mesh-types.js";

const two32 = 2 ** 32;

export class Admission {
  readonly #context: FloodContext;
  readonly #maxMessage: number;
  readonly #freshnessMs: number;
  /** Offset of the content in a payload. */
  readonly contentOffset: number;
  readonly #signatureBytes: number;

  constructor(context: FloodContext) {
    this.#context = context;
    const { descriptor, signed } = context.network;
    this.#maxMessage = descriptor.maxMessage;
    this.#freshnessMs = descriptor.freshness * 1000;
    this.#signatureBytes = signed ? broadcastSignatureBytes : 0;
    this.contentOffset = 1 + this.#signatureBytes;
  }

  /** Step 1: the payload at `bytes[start … end)` has the signature length of this network and a whole head. */
  hasHead(bytes: Uint8Array, start: number, end: number): boolean {
    // r[mesh.payload.signature-length]
    if (!hasBroadcastHead(bytes, start, end, this.#signatureBytes)) return false;
    return true;
  }

  /** Steps 3 to 5: false for what every honest node rejects. `start` is that of the content. */
  isValid(bytes: Uint8Array, start: number, end: number): boolean {
    // r[mesh.content.size]
    if (end - start > this.#maxMessage) return false;
    // r[mesh.content.decode]
    if (!isWellFormedContent(bytes, start, end)) return false;
    if (compressionDefect(bytes, start, end, this.#context.network.descriptor) !== undefined) return false;
    // r[mesh.content.origin]
    if (!isValidKey(bytes, start + ContentOffset.ORIGIN)) return false;
    // r[id.work.origin]
    if (!this.#hasWork(bytes, start)) return false;
    return true;
  }

  #hasWork(bytes: Uint8Array, start: number): boolean {
    const { workBits } = this.#context.network.descriptor;
    return workBits === 0 || hasWork(this.#context.hasher, bytes.subarray(start, start + 32), workBits);
  }

  /** Step 6: sent_at is near this node's clock. */
  isFresh(bytes: Uint8Array, start: number, now: number): boolean {
    const at = start + ContentOffset.SENT_AT;
    const sentAt = readU32(bytes, at) * two32 + readU32(bytes, at + 4);
    return Math.abs(now - sentAt) <= this.#freshnessMs;
  }
}

/** How long what is known of broadcasts is kept, ms. */
export function retentionMs({ network, limits }: FloodContext): number {
  return (2 * network.descriptor.freshness + limits.RETENTION_EXTRA_S) * 1000;
}

/** A secret number for hash tables. */
export function tableSeed({ random }: FloodContext): number {
  return readU32(random.bytes(4), 0);
}
