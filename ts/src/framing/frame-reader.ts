// Cuts a stream into frames. Whole frames inside one chunk are seen in place, without a copy; only a frame that is cut
// by a chunk's end is gathered in a buffer, which grows with the bytes that arrive, never with the length announced.

import { concatBytes, readU16, readU24 } from "../bytes/index.js";
import { checkHeader, headerBytes, isOfRegistry, type IsDefined } from "./header.js";

const empty = new Uint8Array(0);
const firstCapacity = 256;

/**
 * Incremental reader: `push` a chunk, then call `next` until it answers false, then `hold`. After `next` answered true
 * the frame is in `buffer[start … end)` and in `command`, `flags`, `tag`; it is a view of the chunk that dies at the next call.
 */
export class FrameReader {
  command = 0;
  flags = 0;
  tag = 0;
  buffer: Uint8Array = empty;
  start = 0;
  end = 0;
  /** Frames given out so far. */
  frames = 0;

  #chunk: Uint8Array = empty;
  #offset = 0;
  /** Bytes kept from earlier chunks, in `[#heldStart … #heldEnd)`: an unfinished frame, or more after `hold`. */
  #held: Uint8Array = empty;
  #heldStart = 0;
  #heldEnd = 0;
  /** Bytes the held frame will have, header included; 0 while its header is not whole. */
  #heldTotal = 0;
  #limit: number;
  #limitRule: string;
  readonly #isDefined: IsDefined;

  /**
   * @param limit longest payload taken, bytes.
   * @param rule rule that sets it.
   * @param isDefined whether a command of the application or of the ring is known.
   */
  constructor(limit: number, rule = "frame.length.limit", isDefined: IsDefined = isOfRegistry) {
    this.#limit = limit;
    this.#limitRule = rule;
    this.#isDefined = isDefined;
  }

  /** Changes the limit for the frames whose header has not been read yet. */
  limitTo(limit: number, rule = "frame.length.limit"): void {
    this.#limit = limit;
    this.#limitRule = rule;
  }

  /** Whether bytes have come that belong to no frame that was given out. */
  get hasRest(): boolean {
    return this.#heldLength > 0 || this.#offset < this.#chunk.length;
  }

  /** Bytes that the unfinished frame announces, header included; 0 as long as its header is not whole. */
  get announcedBytes(): number {
    return this.#heldTotal;
  }

  /** A copy of the bytes that have come and belong to no frame that was given out. */
  get rest(): Uint8Array {
    return concatBytes(this.#held.subarray(this.#heldStart, this.#heldEnd), this.#chunk.subarray(this.#offset));
  }

  /** Adds a chunk; the reader only looks at it until `hold`. */
  push(chunk: Uint8Array): void {
    if (this.#offset < this.#chunk.length) this.hold();
    this.#chunk = chunk;
    this.#offset = 0;
  }

  /**
   * Steps to the next whole frame; false when more bytes are needed.
   * @throws {ProtocolError} TOO_LARGE, PROTOCOL_ERROR of section 2.2
   */
  next(): boolean {
    return this.#heldLength > 0 ? this.#nextHeld() : this.#nextInChunk();
  }

  /** Keeps what is left of the chunk in the reader's own memory: after this the chunk may be reused. */
  hold(): void {
    this.#gather(this.#chunk.length - this.#offset);
    this.#chunk = empty;
    this.#offset = 0;
  }

  #nextInChunk(): boolean {
    const available = this.#chunk.length - this.#offset;
    if (available < headerBytes) return this.#gather(available);
    const length = this.#readHeader(this.#chunk, this.#offset);
    if (available < headerBytes + length) {
      this.#heldTotal = headerBytes + length;
      return this.#gather(available);
    }
    this.#give(this.#chunk, this.#offset + headerBytes, length);
    this.#offset = this.end;
    return true;
  }

  #gather(available: number): false {
    // r[frame.chunking]
    if (available > 0) this.#append(available);
    return false;
  }

  #nextHeld(): boolean {
    if (this.#heldTotal === 0) {
      this.#fillTo(headerBytes);
      if (this.#heldLength < headerBytes) return false;
      this.#heldTotal = headerBytes + this.#readHeader(this.#held, this.#heldStart);
    }
    this.#fillTo(this.#heldTotal);
    if (this.#heldLength < this.#heldTotal) return false;
    this.#give(this.#held, this.#heldStart + headerBytes, this.#heldTotal - headerBytes);
    this.#release();
    return true;
  }

  get #heldLength(): number {
    return this.#heldEnd - this.#heldStart;
  }

  /** Takes the given frame out of the held bytes; what `hold` kept behind it stays. */
  #release(): void {
    this.#heldStart += this.#heldTotal;
    this.#heldTotal = 0;
    if (this.#heldStart < this.#heldEnd) return;
    this.#held = empty;
    this.#heldStart = 0;
    this.#heldEnd = 0;
  }

  #fillTo(total: number): void {
    this.#gather(Math.min(total - this.#heldLength, this.#chunk.length - this.#offset));
  }

  #append(count: number): void {
    const length = this.#heldLength;
    if (this.#heldEnd + count > this.#held.length) this.#makeRoom(length + count);
    this.#held.set(this.#chunk.subarray(this.#offset, this.#offset + count), this.#heldEnd);
    this.#heldEnd += count;
    this.#offset += count;
  }

  /** Moves the held bytes to the front of a buffer of at least `needed` bytes: doubled, but never beyond the frame. */
  #makeRoom(needed: number): void {
    const doubled = Math.min(2 * this.#held.length, this.#heldTotal || Infinity);
    const larger = new Uint8Array(Math.max(firstCapacity, needed, doubled));
    larger.set(this.#held.subarray(this.#heldStart, this.#heldEnd));
    this.#held = larger;
    this.#heldEnd -= this.#heldStart;
    this.#heldStart = 0;
  }

  /** Checks the header at `offset` and answers the length of its payload. */
  #readHeader(bytes: Uint8Array, offset: number): number {
    const length = readU24(bytes, offset);
    this.flags = bytes[offset + 3] as number;
    this.command = readU16(bytes, offset + 4);
    this.tag = readU16(bytes, offset + 6);
    // r[frame.length.early] mutate: `{ length, flags` => `{ length: offset + 8 + length <= bytes.length ? length : 0, flags`
    const header = { length, flags: this.flags, command: this.command, tag: this.tag };
    checkHeader(header, this.#limit, this.#limitRule, this.#isDefined);
    return length;
  }

  #give(buffer: Uint8Array, start: number, length: number): void {
    this.buffer = buffer;
    this.start = start;
    this.end = start + length;
    this.frames++;
  }
}
