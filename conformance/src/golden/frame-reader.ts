// Incremental frame reader: any cut of a stream gives the same frames (r[frame.chunking]).
// Strict, it judges headers as a receiver must; lenient, it hands out whatever a testee sends, for the runner to judge.
import { concat, type Bytes } from "./bytes.js";
import { GoldenError } from "./errors.js";
import { checkHeader, HEADER_BYTES, parseHeader, type Frame } from "./frame.js";
import { limitOf } from "./registry.js";

export interface FrameReaderOptions {
  /** Longest payload taken; RECEIVE_MAX_BYTES when left out. */
  readonly receiveLimit?: number;
  /** Check headers by section 2.2; true when left out. */
  readonly strict?: boolean;
}

/** Cuts a stream, from behind the preface, into frames. */
export class FrameReader {
  /** May be changed between frames: the limit before READY is another one. */
  receiveLimit: number;
  readonly #strict: boolean;
  #rest: Bytes = new Uint8Array();
  #failure: GoldenError | undefined;

  constructor(options: FrameReaderOptions = {}) {
    this.receiveLimit = options.receiveLimit ?? limitOf("RECEIVE_MAX_BYTES");
    this.#strict = options.strict ?? true;
  }

  /** Bytes of a frame not yet whole. */
  get rest(): Bytes {
    return this.#rest;
  }

  /** What refused the stream; frames before it were handed out. */
  get failure(): GoldenError | undefined {
    return this.#failure;
  }

  /**
   * Takes a chunk and gives the frames that are whole now; after a refusal nothing more comes.
   * Frames before the refused one are in the result, the refusal is in `failure`.
   */
  push(chunk: Bytes): Frame[] {
    const frames: Frame[] = [];
    if (this.#failure !== undefined) return frames;
    const bytes = concat(this.#rest, chunk);
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const { length, command, flags, tag } = parseHeader(bytes, at);
      if (this.#refused(bytes, at)) break;
      const end = at + HEADER_BYTES + length;
      if (end > bytes.length) break;
      frames.push({ command, flags, tag, payload: bytes.slice(at + HEADER_BYTES, end) });
      at = end;
    }
    this.#rest = bytes.slice(at);
    return frames;
  }

  /** Like push, but throws the refusal. */
  feed(chunk: Bytes): Frame[] {
    const frames = this.push(chunk);
    if (this.#failure !== undefined) throw this.#failure;
    return frames;
  }

  #refused(bytes: Bytes, at: number): boolean {
    if (!this.#strict) return false;
    try {
      checkHeader(parseHeader(bytes, at), this.receiveLimit);
      return false;
    } catch (error) {
      if (!(error instanceof GoldenError)) throw error;
      this.#failure = error;
      return true;
    }
  }
}
