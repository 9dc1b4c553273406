// One connection of the runner: every byte that goes out is the caller's, everything that comes in is queued.
// Knows chunks and the end of both directions, whatever carries them; answers PING when told to, and knows nothing else of the protocol.
import { setImmediate } from "node:timers/promises";
import { commandOf, concat, encodeFrame, encodeWebSocketFrame, limitOf, REQUEST, RESPONSE, WS } from "../golden/index.js"; // prettier-ignore
import type { Bytes, Frame } from "../golden/index.js";
import { ArrivalReader, arrivalText, frameText, type Arrival } from "./arrival.js";
import { WebSocketCarrier, type Carrier, type ChannelFacts, type Refusal, type Scheme } from "./carrier/index.js";
import { Mailbox } from "./mailbox.js";
import type { Trace } from "./trace.js";

const PING = commandOf("PING");
const GOODBYE = commandOf("GOODBYE");

/** A frame of WebSocket as a scenario wants it. */
export interface BelowFrame {
  readonly opcode: number;
  readonly payload: Bytes;
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly length?: number;
  /** With a mask where there must be none, without one where there must be. */
  readonly isMaskWrong?: boolean;
}

/** A connection with full control of one side. */
export class WireLink {
  /** For the trace. */
  name: string;
  readonly scheme: Scheme;
  readonly facts: ChannelFacts;
  readonly arrivals = new Mailbox<Arrival>();
  /** Bytes of one write; 0 writes all at once. */
  chunkBytes = 0;
  /** On a WebSocket: the pieces of a write are fragments of as few messages as can be, with an empty one between any two. */
  fragments = false;
  /** Answer PING requests instead of queueing them; over with the first GOODBYE, behind which nothing may come. */
  answersPing = false;
  /** Keep the own direction open when the testee ends its own. */
  holds = false;
  /** Both directions are ended, or the connection was reset, or there never was one. */
  closed = false;
  /** What lies above this carrier's bytes is the scenario's own affair, not Motet. */
  bare = false;
  readonly #carrier: Carrier;
  readonly #trace: Trace;
  readonly #reader = new ArrivalReader();
  #handler: ((arrival: Arrival) => void) | undefined;

  constructor(name: string, carrier: Carrier, trace: Trace) {
    this.name = name;
    this.scheme = carrier.scheme;
    this.facts = carrier.facts;
    this.#carrier = carrier;
    this.#trace = trace;
    carrier.start({
      data: (chunk) => this.#receive(chunk),
      end: () => this.#ended(),
      reset: (detail) => this.#put({ kind: "reset", detail }),
      broken: (detail) => this.#put({ kind: "broken", detail }),
      closed: () => (this.closed = true),
    });
  }

  /** The testee refused the carrier's own handshake; queued for a step to take. */
  refuse({ status, detail }: Refusal): void {
    this.#put({ kind: "refused", detail, ...(status === undefined ? {} : { status }) });
  }

  /** What comes from now on, and what has come, goes to `handle` in place of the queue. */
  serve(handle: (arrival: Arrival) => void): void {
    this.#handler = handle;
    for (const arrival of this.arrivals.items.splice(0)) handle(arrival);
  }

  /** One direction can end before the other. */
  get hasHalfClose(): boolean {
    return this.#carrier.hasHalfClose;
  }

  /** Writes in chunks; a connection that is gone swallows the rest, for a later step to notice. */
  async write(bytes: Bytes): Promise<void> {
    const longest = this.fragments ? limitOf("WS_MESSAGE_BYTES") : bytes.length;
    for (let at = 0; at < bytes.length; at += longest) await this.#writeChunks(bytes.subarray(at, at + longest));
  }

  async #writeChunks(bytes: Bytes): Promise<void> {
    const size = this.chunkBytes || Math.max(bytes.length, 1);
    for (let at = 0; at < bytes.length && this.#carrier.writable; at += size) {
      this.#writePiece(bytes.subarray(at, at + size), at === 0, at + size >= bytes.length);
      if (this.chunkBytes) await setImmediate();
    }
  }

  #writePiece(bytes: Bytes, isFirst: boolean, isLast: boolean): void {
    const carrier = this.#carrier;
    if (!(this.fragments && carrier instanceof WebSocketCarrier)) return carrier.write(bytes);
    const empty = { opcode: WS.continuation, payload: new Uint8Array(), fin: false, ...carrier.mask() };
    const opcode = isFirst ? WS.binary : WS.continuation;
    const piece = encodeWebSocketFrame({ opcode, payload: bytes, fin: isLast, ...carrier.mask() });
    carrier.writeBelow(isLast ? piece : concat(piece, encodeWebSocketFrame(empty)));
  }

  async writeFrame(frame: Partial<Frame> & { command: number }, length?: number): Promise<void> {
    const whole = { flags: 0, tag: 0, payload: new Uint8Array(), ...frame };
    this.#trace.add(`${this.name} → ${frameText(whole)}`);
    await this.write(encodeFrame(whole, length));
  }

  /** A frame of WebSocket below the stream. */
  writeBelow(frame: BelowFrame): void {
    const carrier = this.#carrier;
    if (!(carrier instanceof WebSocketCarrier)) throw new Error("frames of WebSocket need a WebSocket");
    this.note(`→ WebSocket frame, opcode ${frame.opcode}, ${frame.payload.length} bytes`);
    const right = carrier.mask();
    const wrong = right.mask === undefined ? { mask: Uint8Array.of(1, 2, 3, 4) } : {};
    carrier.writeBelow(encodeWebSocketFrame({ ...frame, ...(frame.isMaskWrong === true ? wrong : right) }));
  }

  note(line: string): void {
    this.#trace.add(`${this.name} ${line}`);
  }

  /** Holds back what is written until uncork, to leave in one write. */
  cork(): void {
    this.#carrier.cork();
  }

  uncork(): void {
    this.#carrier.uncork();
  }

  stall(): void {
    this.#carrier.pause();
  }

  resume(): void {
    this.#carrier.resume();
  }

  /** Ends the own direction: FIN, close_notify, or a close frame. */
  halfClose(): void {
    this.note("→ end");
    this.#carrier.end();
  }

  /** FIN alone, whatever the carrier wants before it. */
  endBelow(): void {
    this.note("→ FIN");
    this.#carrier.endBelow();
  }

  abort(): void {
    this.note("→ reset");
    this.#carrier.abort();
  }

  destroy(): void {
    this.#carrier.destroy();
  }

  #receive(chunk: Bytes): void {
    for (const arrival of this.#reader.push(chunk)) {
      const isGoodbye = arrival.kind === "frame" && arrival.frame.command === GOODBYE;
      if (isGoodbye) this.answersPing = false;
      if (arrival.kind === "frame" && this.#answered(arrival.frame)) continue;
      this.#put(arrival);
      // r[ws.goodbye.receiver]: without a half-close it is for this side to end the connection.
      if (isGoodbye && !this.hasHalfClose && !this.holds) this.#carrier.end();
    }
  }

  #answered({ command, flags, tag }: Frame): boolean {
    if (!this.answersPing || command !== PING || (flags & REQUEST) === 0) return false;
    void this.writeFrame({ command, flags: RESPONSE, tag });
    return true;
  }

  #ended(): void {
    this.#put({ kind: "eof", rest: this.#reader.rest });
    if (!this.holds) this.#carrier.end();
  }

  #put(arrival: Arrival): void {
    this.note(`← ${arrivalText(arrival)}`);
    if (this.#handler === undefined) this.arrivals.put(arrival);
    else this.#handler(arrival);
  }
}
