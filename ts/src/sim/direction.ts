// One direction of a virtual connection: bytes on their way in order, with a delay, and what waits for a reader that does not
// read. Knows no frames.

import type { EventQueue } from "./event-queue.js";

/** Bytes that may be under way before the writer is told to wait. */
const windowBytes = 1536;

export interface DirectionOptions {
  readonly latencyUs: number;
  /** 0 for no bound. */
  readonly bytesPerSecond: number;
  /** A chunk has arrived; its bytes belong to the reader. */
  readonly arrived: (chunk: Uint8Array) => void;
  /** There is room again after there was none. */
  readonly drained: () => void;
}

export class Direction {
  readonly #queue: EventQueue;
  readonly #options: DirectionOptions;
  #lastArrivalUs = 0;
  #freeUs = 0;
  #underWay = 0;
  #isFull = false;
  #isBroken = false;
  /** What a burst adds to the latency, µs. */
  extraUs = 0;

  constructor(queue: EventQueue, options: DirectionOptions) {
    this.#queue = queue;
    this.#options = options;
  }

  /** Whether the writer has to wait for `drained`. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Sends bytes; they must not change any more. @param jitterUs what this chunk takes longer than others */
  send(chunk: Uint8Array, jitterUs: number): void {
    this.#underWay += chunk.length;
    this.#isFull = this.#underWay >= windowBytes;
    this.#arriveIn(chunk.length, jitterUs, () => this.#options.arrived(chunk));
  }

  /** Runs something where and when the bytes sent so far have arrived. */
  behind(run: () => void): void {
    this.#arriveIn(0, 0, run);
  }

  #arriveIn(bytes: number, jitterUs: number, run: () => void): void {
    const { latencyUs, bytesPerSecond } = this.#options;
    let leavesUs = this.#queue.nowUs;
    if (bytesPerSecond > 0) {
      leavesUs = Math.max(leavesUs, this.#freeUs) + Math.floor((bytes * 1_000_000) / bytesPerSecond);
      this.#freeUs = leavesUs;
    }
    this.#lastArrivalUs = Math.max(this.#lastArrivalUs, leavesUs + latencyUs + this.extraUs + jitterUs);
    this.#queue.at(this.#lastArrivalUs, () => {
      if (!this.#isBroken) run();
    });
  }

  /** The reader has taken bytes. */
  taken(bytes: number): void {
    this.#underWay -= bytes;
    if (!this.#isFull || this.#underWay >= windowBytes) return;
    this.#isFull = false;
    if (!this.#isBroken) this.#options.drained();
  }

  /** What is under way never arrives. */
  break(): void {
    this.#isBroken = true;
  }
}
