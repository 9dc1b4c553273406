// A broadcast as the application sees it. Its fields are read from the content when they are asked for: most applications
// look at two of them, and a relay that listens to nothing at none.

import { decodeUtf8 } from "../bytes/index.js";
import { payloadOffset, readContent, type BroadcastContent } from "../codec/index.js";
import type { Delivery } from "../mesh/index.js";

export class Message {
  /** Names the event that a message is. */
  readonly type = "message";
  readonly #delivery: Delivery;
  #read: BroadcastContent | undefined;
  #payload: Uint8Array | undefined;
  /** Whether the origin has signed it; in an unsigned network anyone can have made it in anyone's name. */
  readonly isProven: boolean;

  constructor(delivery: Delivery, isProven: boolean) {
    this.#delivery = delivery;
    this.isProven = isProven;
  }

  get #content(): BroadcastContent {
    this.#read ??= readContent(this.#delivery.content);
    return this.#read;
  }

  /** Message id, 32 bytes; a copy. */
  get id(): Uint8Array {
    return this.#delivery.id.slice();
  }

  /** Node id of the origin, 32 bytes; a copy. */
  get origin(): Uint8Array {
    return this.#content.origin.slice();
  }

  get sequence(): bigint {
    return this.#content.sequence;
  }

  /** The origin's clock when it made the broadcast, unix ms. */
  get sentAt(): number {
    return Number(this.#content.sentAt);
  }

  get channel(): string {
    return decodeUtf8(this.#content.channel) ?? "";
  }

  /** The application's bytes; the caller's own copy, the same one at each access. */
  get payload(): Uint8Array {
    const { content, decompressed } = this.#delivery;
    this.#payload ??= decompressed?.slice() ?? content.slice(payloadOffset(content));
    return this.#payload;
  }

  /** Bytes of the whole content, and of its payload once more if that came compressed: what a held message costs, roughly. */
  get contentBytes(): number {
    return this.#delivery.content.length + (this.#delivery.decompressed?.length ?? 0);
  }

  /** Hops so far as the accepted copy told; anyone on the way can have changed it. */
  get hops(): number {
    return this.#delivery.hops;
  }

  /** Node id of the peer that sent the accepted copy, 32 bytes; a copy. */
  get from(): Uint8Array {
    return this.#delivery.from.slice();
  }
}
