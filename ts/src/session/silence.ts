// Signs of life of a READY session: when a silent peer is asked for one, when it is gone, and how long a frame that has
// begun may take. Section 3.9. Knows times, not what is sent.

import type { FrameReader } from "../framing/index.js";
import type { Limits } from "../ports/index.js";

/** How a session ends for it, or a sign of life to ask for. */
type SilenceVerdict = { readonly code: "TIMEOUT"; readonly text: string } | "ask" | undefined;

export class Silence {
  readonly #limits: Limits;
  #nextProbe = Infinity;
  #probes = 0;
  #frame = -1;
  #frameBegan = Infinity;
  #frameDue = Infinity;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Earliest time at which `judge` has something to say, unix ms; Infinity before READY. */
  get next(): number {
    return Math.min(this.#nextProbe, this.#frameDue);
  }

  /** Begins to listen, or anew: a byte has come, or the node itself has not read. */
  heard(now: number): void {
    // r[session.keepalive.ping] mutate: `this.#limits.KEEPALIVE_MS` => `1e12`
    this.#nextProbe = now + this.#limits.KEEPALIVE_MS;
    this.#probes = 0;
  }

  /** Looks at what a chunk has left of an unfinished frame. @param isListening the session is READY and this side reads. */
  noteFrame(reader: FrameReader, now: number, isListening: boolean): void {
    if (!isListening || !reader.hasRest) return this.frameOver();
    if (this.#frameBegan === Infinity || this.#frame !== reader.frames) this.#frameBegan = now;
    this.#frame = reader.frames;
    const { FRAME_MS, FRAME_BYTES_PER_S } = this.#limits;
    this.#frameDue = this.#frameBegan + FRAME_MS + Math.ceil((1000 * reader.announcedBytes) / FRAME_BYTES_PER_S);
  }

  /** No frame has begun, or the node itself has not read. */
  frameOver(): void {
    this.#frameBegan = Infinity;
    this.#frameDue = Infinity;
  }

  /** The node itself does not read: silence begins anew, if it had begun. */
  skip(now: number): undefined {
    if (this.#nextProbe !== Infinity) this.heard(now);
    this.frameOver();
  }

  judge(now: number): SilenceVerdict {
    // r[session.stalled]
    if (now >= this.#frameDue) return { code: "TIMEOUT", text: "a frame that has begun does not end" };
    if (now < this.#nextProbe) return undefined;
    // r[session.keepalive.gone]
    if (this.#probes >= this.#limits.KEEPALIVE_PROBES) return { code: "TIMEOUT", text: "no sign of life" };
    this.#probes++;
    // r[session.keepalive.again] mutate: `this.#limits.KEEPALIVE_RETRY_MS` => `1e12`
    this.#nextProbe = now + this.#limits.KEEPALIVE_RETRY_MS;
    return "ask";
  }

  /** The session ends. */
  stop(): void {
    this.#nextProbe = Infinity;
    this.frameOver();
  }
}
