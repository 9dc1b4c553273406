// What a node says that it takes: in HELLO, and anew in UPDATE (3.10). What was taken before holds until the peer has
// answered; what the peer takes is kept beside it.

import type { Message } from "../codec/index.js";

/** What one side takes. */
export interface Offer {
  /** Compression ids that it decodes, best first. */
  readonly compressions: readonly number[];
  /** Longest payload, bytes as sent. */
  readonly receiveLimit: number;
}

/** Everything that a sender with `earlier` in mind may send, and one with `newer` too. */
function either(earlier: Offer, newer: Offer): Offer {
  return {
    compressions: [...new Set([...newer.compressions, ...earlier.compressions])],
    receiveLimit: Math.max(newer.receiveLimit, earlier.receiveLimit),
  };
}

/** Both sides' offers in one session. */
export class Offers {
  #own: Offer;
  /** What may be sent to the peer. */
  peer: Offer;
  readonly #limitChanged: (receiveLimit: number) => void;

  /** @param limitChanged called with the longest payload that this side has to take from now on. */
  constructor(early: Offer, limitChanged: (receiveLimit: number) => void) {
    this.#own = early;
    this.peer = early;
    this.#limitChanged = limitChanged;
  }

  /** What this side has to take now. */
  get own(): Offer {
    return this.#own;
  }

  /** The peer has said hello, or sent an UPDATE. */
  learn({ compressions, receiveLimit }: Pick<Message<"Hello">, keyof Offer>): void {
    this.peer = { compressions, receiveLimit };
  }

  /** An UPDATE is on its way to the peer: both offers hold until its answer. */
  announce(offer: Offer): void {
    // r[session.update.before] mutate: `either(this.#own, offer)` => `offer`
    this.settle(either(this.#own, offer));
  }

  /** This offer holds alone: both are READY, or the peer has answered an UPDATE. */
  settle(offer: Offer): void {
    this.#own = offer;
    this.#limitChanged(offer.receiveLimit);
  }
}
