// The two prefaces of a session: gathers the other side's 8 bytes, and lets this side's out once, in front of all else.

import { concatBytes } from "../bytes/index.js";
import { isPrefaceStart, prefaceBytes } from "../framing/index.js";

const empty = new Uint8Array(0);

export class PrefaceExchange {
  #received: Uint8Array = empty;
  #toWrite: Uint8Array = empty;
  #isSent = false;

  /** Bytes of this side's preface that wait to be written. */
  get pendingBytes(): number {
    return this.#toWrite.length;
  }

  /** Takes bytes of the other side; answers the preface once it is whole, or what has come when it can be none. */
  receive(chunk: Uint8Array): { preface: Uint8Array; rest: Uint8Array } | undefined {
    const taken = chunk.subarray(0, prefaceBytes - this.#received.length);
    this.#received = concatBytes(this.#received, taken);
    if (isPrefaceStart(this.#received) && this.#received.length < prefaceBytes) return undefined;
    return { preface: this.#received, rest: chunk.subarray(taken.length) };
  }

  /** Has this side's preface written, unless it was before. */
  send(preface: Uint8Array): void {
    if (this.#isSent) return;
    this.#isSent = true;
    this.#toWrite = preface;
  }

  /** Writes what waits at the start of `target`; answers how many bytes. */
  fill(target: Uint8Array): number {
    const count = this.#toWrite.length;
    target.set(this.#toWrite);
    this.#toWrite = empty;
    return count;
  }
}
