// The times of one session: how long a handshake, a full queue and a farewell may take. Knows limits, not what happens then.

import type { Code } from "../gen/registry.js";
import type { Limits } from "../ports/index.js";
import { Silence } from "./silence.js";

/** What is due. */
export type Due = { readonly code: Code; readonly text: string } | "close" | "ask" | undefined;

export class Deadlines {
  readonly #limits: Limits;
  /** Signs of life, once READY. */
  readonly silence: Silence;
  #handshake = Infinity;
  #close = Infinity;
  #full = Infinity;

  /** @param openedAt when the carrier began to open, unix ms. */
  constructor(limits: Limits, openedAt: number) {
    this.#limits = limits;
    this.silence = new Silence(limits);
    this.#handshake = openedAt + limits.HANDSHAKE_MS;
  }

  /** Earliest of them, unix ms; Infinity when there is none. */
  get next(): number {
    return Math.min(this.#handshake, this.#close, this.#full, this.silence.next);
  }

  /**
   * What time has come for: an end with a code, the end of the connection, or a sign of life to ask for.
   * @param isPaused this side does not read for now: that is no silence of the peer (3.9).
   */
  judge(now: number, isPaused: boolean): Due {
    const { HANDSHAKE_MS, QUEUE_FULL_MS } = this.#limits;
    // r[session.timeout]
    if (now >= this.#handshake) return { code: "TIMEOUT", text: `no session within ${HANDSHAKE_MS} ms` };
    if (now >= this.#close) return "close";
    // r[session.slow]
    if (now >= this.#full) return { code: "SLOW", text: `its queue was full for ${QUEUE_FULL_MS} ms` };
    return isPaused ? this.silence.skip(now) : this.silence.judge(now);
  }

  /** The handshake has led to a peer that may be reported. */
  endHandshake(): void {
    this.#handshake = Infinity;
  }

  /** The queue was looked at: the time of a full one begins, that of another ends. */
  noteQueue(bytes: number, now: number): void {
    // One that ends has a time of its own.
    if (bytes < this.#limits.QUEUE_BYTES || this.#close !== Infinity) this.#full = Infinity;
    else if (this.#full === Infinity) this.#full = now + this.#limits.QUEUE_FULL_MS;
  }

  /** The session ends: what is queued has QUEUE_FULL_MS to leave, or CLOSE_READ_MS when nobody shall wait. */
  beginClose(now: number, isHurried: boolean): void {
    this.#handshake = Infinity;
    this.#full = Infinity;
    this.silence.stop();
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
