// Frames of RFC 6455 as they come: bytes in, pieces out, one at a time, so that a reader can stop between two of them.
// Bytes of messages are handed on at once; nothing is ever kept for a length that was only announced.

import { maskInPlace } from "./web-socket-mask.js";

export type Piece =
  /** Bytes of a binary message; a view into what was pushed. */
  | { readonly type: "data"; readonly bytes: Uint8Array }
  | { readonly type: "ping"; readonly bytes: Uint8Array }
  | { readonly type: "close" }
  /** What came breaks RFC 6455 or section 6.2. */
  | { readonly type: "broken" };

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const maskBytes = 4;
const firstControl = 8;
const longestHeader = 14;
const longestControl = 125;
const empty = new Uint8Array();

/** What the first two bytes of a frame say. */
interface Start {
  readonly isFinal: boolean;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly length7: number;
}

const startOf = (first: number, second: number): Start => ({
  isFinal: first >= 0x80,
  opcode: first & 0x0f,
  isMasked: second >= 0x80,
  length7: second & 0x7f,
});

/** Bytes of a whole header, by its second byte. */
const headerBytes = (second: number): number =>
  2 + ((second & 0x7f) === 127 ? 8 : (second & 0x7f) === 126 ? 2 : 0) + (second >= 0x80 ? maskBytes : 0);

export class WebSocketReader {
  readonly #isOtherMasking: boolean;
  #chunk: Uint8Array = empty;
  #at = 0;
  readonly #header = new Uint8Array(longestHeader);
  readonly #view = new DataView(this.#header.buffer);
  #headerLength = 0;
  /** The frame that is being read, once its header is complete. */
  #opcode = -1;
  #left = 0;
  #isMasked = false;
  #maskAt = 0;
  #control: number[] = [];
  /** A message has begun whose last fragment is still to come. */
  #isInMessage = false;
  #isOver = false;

  /** @param isOtherMasking whether the other side is the initiator, whose frames are masked */
  constructor(isOtherMasking: boolean) {
    this.#isOtherMasking = isOtherMasking;
  }

  /** Whether bytes wait to be read. */
  get hasRest(): boolean {
    return !this.#isOver && this.#at < this.#chunk.length;
  }

  /** Takes bytes over, to unmask them in place. Everything pushed before has to be read. */
  push(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** The next piece; undefined when more bytes are needed, and always after `close` and `broken`. */
  next(): Piece | undefined {
    while (this.hasRest) {
      const piece = this.#opcode < 0 ? this.#readHeader() : this.#readPayload();
      if (piece?.type === "close" || piece?.type === "broken") this.#isOver = true;
      if (piece !== undefined) return piece;
    }
    return undefined;
  }

  #readHeader(): Piece | undefined {
    const needed = this.#headerLength < 2 ? 2 : headerBytes(this.#header[1] as number);
    while (this.#headerLength < needed && this.#at < this.#chunk.length)
      this.#header[this.#headerLength++] = this.#chunk[this.#at++] as number;
    if (this.#headerLength < 2) return undefined;
    const start = startOf(this.#header[0] as number, this.#header[1] as number);
    if (this.#headerLength === 2 && this.#isBroken(start)) return { type: "broken" };
    if (this.#headerLength < headerBytes(this.#header[1] as number)) return undefined;
    this.#open(start);
    return this.#left === 0 ? this.#close() : undefined;
  }

  #isBroken({ isFinal, opcode, isMasked, length7 }: Start): boolean {
    // r[ws.binary]
    if (opcode === opcodes.text) return true;
    // Reserved bits belong to extensions, of which none was agreed on.
    if (((this.#header[0] as number) & 0x70) !== 0 || isMasked !== this.#isOtherMasking) return true;
    if (opcode >= firstControl) return !isFinal || length7 > longestControl || opcode > opcodes.pong;
    return opcode > opcodes.binary || (opcode === opcodes.continuation) !== this.#isInMessage;
  }

  #open({ isFinal, opcode, isMasked, length7 }: Start): void {
    this.#opcode = opcode;
    this.#left = length7;
    if (length7 === 126) this.#left = this.#view.getUint16(2);
    // Above 2^53 the count is not exact, and is never reached either.
    // r[ws.message] mutate: `this.#left = Number(this.#view.getBigUint64(2))` => `this.#isOver = true`
    if (length7 === 127) this.#left = Number(this.#view.getBigUint64(2));
    this.#isMasked = isMasked;
    this.#maskAt = 0;
    if (opcode < firstControl) this.#isInMessage = !isFinal;
  }

  #readPayload(): Piece | undefined {
    const bytes = this.#chunk.subarray(this.#at, this.#at + Math.min(this.#left, this.#chunk.length - this.#at));
    this.#at += bytes.length;
    this.#left -= bytes.length;
    if (this.#isMasked) this.#unmask(bytes);
    if (this.#opcode < firstControl) {
      if (this.#left === 0) this.#close();
      return { type: "data", bytes };
    }
    this.#control.push(...bytes);
    return this.#left === 0 ? this.#close() : undefined;
  }

  #unmask(bytes: Uint8Array): void {
    maskInPlace(bytes, this.#header.subarray(this.#headerLength - maskBytes, this.#headerLength), this.#maskAt);
    this.#maskAt = (this.#maskAt + bytes.length) & 3;
  }

  /** The frame is complete. */
  #close(): Piece | undefined {
    const opcode = this.#opcode;
    const control = this.#control;
    this.#opcode = -1;
    this.#headerLength = 0;
    this.#control = [];
    if (opcode === opcodes.close) return { type: "close" };
    return opcode === opcodes.ping ? { type: "ping", bytes: Uint8Array.from(control) } : undefined;
  }
}
