// Frames waiting to be written to one peer: control before own before relayed, each in its order. Payloads are shared,
// not copied, until `fill` writes them behind their header into the driver's buffer.

import { headerBytes, writeHeader, type FrameHeader } from "./header.js";

/** Urgency of a frame: a lower number is written first. */
export const Priority = { CONTROL: 0, OWN: 1, RELAY: 2 } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

/** A frame: its header, and the payload that others may share. */
interface Entry extends FrameHeader {
  readonly payload: Uint8Array;
}

/** What an entry costs besides its bytes. */
const entryOverheadBytes = 80;

/** First-in first-out with amortised constant cost; arrays with `shift` turn quadratic. */
class Fifo {
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  /** Bytes of the frames inside, headers included. */
  bytes = 0;

  get length(): number {
    return this.#entries.length - this.#head;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.bytes += headerBytes + entry.payload.length;
  }

  peek(): Entry | undefined {
    return this.#entries[this.#head];
  }

  drop(): void {
    this.bytes -= headerBytes + (this.#entries[this.#head]?.payload.length ?? 0);
    this.#entries[this.#head++] = undefined;
    if (this.#head === this.#entries.length) {
      this.#entries = [];
      this.#head = 0;
    } else if (this.#head > 1024 && 2 * this.#head > this.#entries.length) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

export class FrameQueue {
  readonly #lanes = [new Fifo(), new Fifo(), new Fifo()] as const;
  #bytes = 0;
  /** The entry that `fill` has begun, and how many of its bytes are out. */
  #current: Entry | undefined;
  #written = 0;

  /** Bytes waiting, headers included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a frame of this priority waits. */
  has(priority: Priority): boolean {
    return this.#lanes[priority].length > 0;
  }

  /** Memory that the frames waiting take, roughly, in bytes: at least their bytes. */
  get memory(): number {
    return Math.max(this.#bytes, this.controlMemory);
  }

  /** Memory that the control frames waiting take, roughly, in bytes: an answer is small on the wire, its entry is not. */
  get controlMemory(): number {
    const lane = this.#lanes[Priority.CONTROL];
    return lane.bytes + lane.length * entryOverheadBytes;
  }

  /** Adds a frame. The payload is kept until it is written and must not change. */
  push(priority: Priority, header: Omit<FrameHeader, "length">, payload: Uint8Array): void {
    const { flags, command, tag } = header;
    this.#lanes[priority].push({ length: payload.length, flags, command, tag, payload });
    this.#bytes += headerBytes + payload.length;
  }

  /** Writes as much as fits into `target` from `offset` on; answers the offset behind the last byte written. */
  fill(target: Uint8Array, offset: number): number {
    let at = offset;
    while (at < target.length) {
      this.#current ??= this.#take();
      if (this.#current === undefined) break;
      at = this.#write(this.#current, target, at);
    }
    this.#bytes -= at - offset;
    return at;
  }

  /** Forgets all that was not begun. */
  clear(): void {
    for (const lane of this.#lanes) {
      for (let entry = lane.peek(); entry !== undefined; entry = lane.peek()) {
        this.#bytes -= headerBytes + entry.payload.length;
        lane.drop();
      }
    }
  }

  #take(): Entry | undefined {
    for (const lane of this.#lanes) {
      const entry = lane.peek();
      if (entry === undefined) continue;
      lane.drop();
      return entry;
    }
    return undefined;
  }

  #write(entry: Entry, target: Uint8Array, offset: number): number {
    const total = headerBytes + entry.payload.length;
    if (this.#written === 0 && target.length - offset >= total) {
      writeEntry(entry, target, offset);
      this.#current = undefined;
      return offset + total;
    }
    return this.#writePart(entry, total, target, offset);
  }

  /** The slow path: a frame longer than the room left goes out in pieces. */
  #writePart(entry: Entry, total: number, target: Uint8Array, offset: number): number {
    const count = Math.min(total - this.#written, target.length - offset);
    const inHeader = Math.max(0, Math.min(headerBytes - this.#written, count));
    if (inHeader > 0) {
      const header = new Uint8Array(headerBytes);
      writeHeader(header, 0, entry);
      target.set(header.subarray(this.#written, this.#written + inHeader), offset);
    }
    const from = this.#written + inHeader - headerBytes;
    if (count > inHeader) target.set(entry.payload.subarray(from, from + count - inHeader), offset + inHeader);
    this.#written += count;
    if (this.#written === total) {
      this.#written = 0;
      this.#current = undefined;
    }
    return offset + count;
  }
}

function writeEntry(entry: Entry, target: Uint8Array, offset: number): void {
  writeHeader(target, offset, entry);
  target.set(entry.payload, offset + headerBytes);
}
