// The times of one session: how long a handshake, a full queue and a farewell may take. Knows limits, not what happens then.

import type { Limits } from "../ports/index.js";

export class Deadlines {
  readonly #limits: Limits;
  #handshake = Infinity;
  #close = Infinity;
  #full = Infinity;

  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#handshake = now + limits.HANDSHAKE_MS;
  }

  /** Earliest of them, unix ms; Infinity when there is none. */
  get next(): number {
    return Math.min(this.#handshake, this.#close, this.#full);
  }

  isHandshakeOver(now: number): boolean {
    return now >= this.#handshake;
  }

  isFullTooLong(now: number): boolean {
    return now >= this.#full;
  }

  isCloseDue(now: number): boolean {
    return now >= this.#close;
  }

  /** The handshake has led to a peer that may be reported. */
  endHandshake(): void {
    this.#handshake = Infinity;
  }

  /** The queue was looked at: the time of a full one begins, that of another ends. */
  noteQueue(bytes: number, now: number): void {
    if (bytes < this.#limits.QUEUE_BYTES) this.#full = Infinity;
    else if (this.#full === Infinity) this.#full = now + this.#limits.QUEUE_FULL_MS;
  }

  /** The session ends: what is queued has QUEUE_FULL_MS to leave, or CLOSE_READ_MS when nobody shall wait. */
  beginClose(now: number, isHurried: boolean): void {
    this.#handshake = Infinity;
    this.#full = Infinity;
    this.#close = now + this.#limits.QUEUE_FULL_MS;
    if (isHurried) this.hurry(now);
  }

  /** Nobody waits for a peer that does not read while a node stops. */
  hurry(now: number): void {
    this.#close = Math.min(this.#close, now + this.#limits.CLOSE_READ_MS);
  }

  /** Everything is written. The other side of a rival may have much to send still: r[session.duplicate.flush]. */
  awaitOtherSide(now: number, isRival: boolean): void {
    const wait = isRival ? this.#limits.QUEUE_FULL_MS : this.#limits.CLOSE_READ_MS;
    // r[session.goodbye.close] mutate: `now + wait` => `now + 1e9`
    // r[session.goodbye.drain] mutate: `now + wait` => `0`
    this.#close = now + wait;
  }

  /** The connection is closed. */
  clear(): void {
    this.#handshake = Infinity;
    this.#close = Infinity;
    this.#full = Infinity;
  }
}
