// One direction of a virtual connection: bytes in order, an end, and a tap that reads the frames going by.

import { concatBytes } from "../../src/bytes/index.js";
import { FrameReader, prefaceBytes } from "../../src/framing/index.js";

export interface SeenFrame {
  readonly command: number;
  readonly flags: number;
  readonly tag: number;
  readonly payload: Uint8Array;
}

/** Changes the bytes on their way; sees each once, with the offset of its first byte in the stream. */
export type Tamper = (bytes: Uint8Array, offset: number) => Uint8Array;

export class Pipe {
  /** Bytes written and not yet read. */
  #waiting: Uint8Array = new Uint8Array(0);
  #written = 0;
  readonly #tap = new FrameReader(0xffffff);
  /** Frames that went in, whole ones only. */
  readonly frames: SeenFrame[] = [];
  tamper: Tamper | undefined;
  /** Nothing is read from it: a peer that hangs. */
  isStalled = false;
  /** The writer has ended the direction. */
  isEnded = false;
  /** The writer has closed the connection. */
  isClosed = false;

  get length(): number {
    return this.#waiting.length;
  }

  write(bytes: Uint8Array): void {
    const sent = this.tamper === undefined ? bytes : this.tamper(bytes, this.#written);
    const skipped = Math.max(0, prefaceBytes - this.#written);
    this.#written += bytes.length;
    this.#waiting = concatBytes(this.#waiting, sent);
    if (this.tamper === undefined) this.#watch(bytes.subarray(skipped));
  }

  read(most: number): Uint8Array {
    const bytes = this.#waiting.slice(0, most);
    this.#waiting = this.#waiting.slice(most);
    return bytes;
  }

  discard(): void {
    this.#waiting = new Uint8Array(0);
  }

  #watch(bytes: Uint8Array): void {
    this.#tap.push(bytes);
    while (this.#tap.next()) {
      const { command, flags, tag, buffer, start, end } = this.#tap;
      this.frames.push({ command, flags, tag, payload: buffer.slice(start, end) });
    }
    this.#tap.hold();
  }
}
