// WebSocket (RFC 6455) below its meaning: frames, masks, the key of the upgrade. Lays any frame, right or defective, and cuts a
// stream into frames without holding their payloads. Knows no connection and judges nothing.
import { createHash } from "node:crypto";
import { concat, readUint, uint, utf8, type Bytes } from "./bytes.js";

export const WS = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Value of Sec-WebSocket-Accept for a Sec-WebSocket-Key. */
export function webSocketAccept(key: string): string {
  return createHash("sha1").update(`${key}${GUID}`).digest("base64");
}

export interface WebSocketFrame {
  readonly opcode: number;
  readonly payload: Bytes;
  /** The last of its message; true when left out. */
  readonly fin?: boolean;
  /** The three reserved bits, 0…7. */
  readonly rsv?: number;
  /** 4 bytes; unmasked when left out. */
  readonly mask?: Bytes;
  /** Length that the header tells, when it is not that of the payload. */
  readonly length?: number;
}

/** XOR with the mask, `at` bytes into the payload. */
function masked(payload: Bytes, mask: Bytes, at = 0): Bytes {
  const out = new Uint8Array(payload.length);
  for (let index = 0; index < payload.length; index++)
    out[index] = (payload[index] ?? 0) ^ (mask[(at + index) & 3] ?? 0);
  return out;
}

/** Bytes of one frame. */
export function encodeWebSocketFrame(frame: WebSocketFrame): Bytes {
  const { opcode, payload, fin = true, rsv = 0, mask, length = payload.length } = frame;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const bit = mask === undefined ? 0 : 0x80;
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const long = short < 126 ? new Uint8Array() : uint(length, short === 126 ? 2 : 8);
  const head = concat(Uint8Array.of(first, bit | short), long);
  return mask === undefined ? concat(head, payload) : concat(head, mask, masked(payload, mask));
}

export interface WebSocketHead {
  readonly opcode: number;
  readonly fin: boolean;
  readonly rsv: number;
  readonly masked: boolean;
  readonly length: number;
}

/** Frames come as their head and then pieces of their payload, unmasked. `done` with the last piece, which may be empty. */
export interface WebSocketPiece {
  readonly head: WebSocketHead;
  readonly bytes: Bytes;
  readonly done: boolean;
}

/** Cuts one direction of a WebSocket. */
export class WebSocketReader {
  #rest: Bytes = new Uint8Array();
  #head: WebSocketHead | undefined;
  #mask: Bytes = new Uint8Array(4);
  #taken = 0;

  *push(chunk: Bytes): Generator<WebSocketPiece> {
    this.#rest = this.#rest.length === 0 ? chunk : concat(this.#rest, chunk);
    while (this.#head !== undefined || this.#readHead()) {
      const head = this.#head as WebSocketHead;
      const size = Math.min(this.#rest.length, head.length - this.#taken);
      if (size === 0 && head.length > this.#taken) return;
      const bytes = masked(this.#rest.subarray(0, size), this.#mask, this.#taken);
      this.#rest = this.#rest.subarray(size);
      this.#taken += size;
      const done = this.#taken === head.length;
      if (done) this.#head = undefined;
      yield { head, bytes, done };
    }
  }

  #readHead(): boolean {
    const [first = 0, second = 0] = this.#rest;
    const short = second & 0x7f;
    const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8;
    const isMasked = (second & 0x80) !== 0;
    const size = 2 + lengthBytes + (isMasked ? 4 : 0);
    if (this.#rest.length < size) return false;
    const length = lengthBytes === 8 ? readUint(this.#rest, 4, 6) : readUint(this.#rest, 2, lengthBytes);
    this.#head = {
      opcode: first & 0x0f,
      fin: (first & 0x80) !== 0,
      rsv: (first >> 4) & 7,
      masked: isMasked,
      length: lengthBytes === 0 ? short : length,
    };
    this.#mask = isMasked ? this.#rest.slice(size - 4, size) : new Uint8Array(4);
    this.#rest = this.#rest.subarray(size);
    this.#taken = 0;
    return true;
  }
}

/** Name of the header fields of an HTTP head in lower case, and its first line. */
export interface HttpHead {
  readonly start: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Head of a request or answer, without the empty line at its end. Repeated fields are joined by commas. */
export function parseHttpHead(text: string): HttpHead {
  const [start = "", ...lines] = text.split("\r\n");
  const fields = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(":");
    const name = line.slice(0, at).trim().toLowerCase();
    const value = line.slice(at + 1).trim();
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { start, fields };
}

/** Bytes of a head. */
export function layHttpHead(start: string, fields: readonly (readonly [string, string])[]): Bytes {
  return utf8(`${[start, ...fields.map(([name, value]) => `${name}: ${value}`)].join("\r\n")}\r\n\r\n`);
}
