// A connection over WebSocket: binary messages are the stream, a close frame is the end of both directions. Answers pings, and calls
// broken what RFC 6455 or 6.2 forbids the testee. Written for this runner alone, so that it can send what no library would.
import { randomBytes } from "node:crypto";
import { encodeWebSocketFrame, limitOf, WebSocketReader, WS } from "../../golden/index.js";
import type { Bytes, WebSocketHead, WebSocketPiece } from "../../golden/index.js";
import type { Carrier, CarrierHandlers, ChannelFacts, Scheme } from "./carrier.js";

/** 1000: a normal end. */
const CLOSE_PAYLOAD = Uint8Array.of(0x03, 0xe8);
/** Longest message of either side. */
const LONGEST_BYTES = limitOf("WS_MESSAGE_BYTES");

export class WebSocketCarrier implements Carrier {
  readonly scheme: Scheme;
  readonly hasHalfClose = false;
  readonly facts: ChannelFacts;
  readonly #inner: Carrier;
  /** Clients mask what they send, servers do not. */
  readonly #isClient: boolean;
  readonly #reader = new WebSocketReader();
  #handlers: CarrierHandlers | undefined;
  #control: Bytes[] = [];
  #inMessage = false;
  /** Bytes of the message that is coming. */
  #messageBytes = 0;
  #sentClose = false;
  #gotClose = false;
  #ended = false;

  constructor(inner: Carrier, isClient: boolean, facts: ChannelFacts) {
    this.scheme = inner.scheme;
    this.#inner = inner;
    this.#isClient = isClient;
    this.facts = facts;
  }

  get writable(): boolean {
    return this.#inner.writable && !this.#sentClose;
  }

  start(handlers: CarrierHandlers): void {
    this.#handlers = handlers;
    this.#inner.start({
      ...handlers,
      data: (chunk) => this.#receive(chunk),
      end: () => {
        this.#end();
        this.#inner.end();
      },
    });
  }

  write(bytes: Bytes): void {
    for (let at = 0; at < bytes.length; at += LONGEST_BYTES)
      this.writeFrame(WS.binary, bytes.subarray(at, at + LONGEST_BYTES));
  }

  /** One whole frame. */
  writeFrame(opcode: number, payload: Bytes): void {
    this.#inner.write(encodeWebSocketFrame({ opcode, payload, ...this.mask() }));
  }

  writeBelow(bytes: Bytes): void {
    this.#inner.write(bytes);
  }

  /** A fresh mask where this side masks. */
  mask(): { readonly mask?: Bytes } {
    return this.#isClient ? { mask: new Uint8Array(randomBytes(4)) } : {};
  }

  cork(): void {
    this.#inner.cork();
  }

  uncork(): void {
    this.#inner.uncork();
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  end(): void {
    if (this.#sentClose || !this.#inner.writable) return;
    this.#sentClose = true;
    this.writeFrame(WS.close, CLOSE_PAYLOAD);
    if (this.#gotClose) this.#inner.end();
  }

  endBelow(): void {
    this.#inner.endBelow();
  }

  abort(): void {
    this.#inner.abort();
  }

  destroy(): void {
    this.#inner.destroy();
  }

  #receive(chunk: Bytes): void {
    for (const piece of this.#reader.push(chunk)) {
      const fault = this.#faultOf(piece.head);
      if (fault !== undefined) return this.#handlers?.broken(fault);
      if (piece.head.opcode >= WS.close) this.#onControl(piece);
      else this.#onMessage(piece);
    }
  }

  #faultOf({ opcode, rsv, masked, length }: WebSocketHead): string | undefined {
    if (this.#gotClose) return "a frame after the close frame";
    if (rsv !== 0) return "reserved bits of WebSocket";
    if (masked === this.#isClient) return masked ? "a masked frame of a server" : "an unmasked frame of a client";
    if (opcode >= WS.close) return length > 125 ? "a long control frame" : undefined;
    if (opcode === WS.text) return "a text message";
    return opcode > WS.binary ? `a frame of WebSocket with opcode ${opcode}` : undefined;
  }

  #onMessage({ head, bytes, done }: WebSocketPiece): void {
    const isFirst = head.opcode !== WS.continuation;
    if (isFirst === this.#inMessage) return this.#handlers?.broken("fragments out of order");
    this.#messageBytes += bytes.length;
    if (this.#messageBytes > LONGEST_BYTES) return this.#handlers?.broken("a message longer than WS_MESSAGE_BYTES");
    if (done) this.#inMessage = !head.fin;
    if (done && head.fin) this.#messageBytes = 0;
    if (bytes.length > 0) this.#handlers?.data(bytes);
  }

  #onControl({ head, bytes, done }: WebSocketPiece): void {
    this.#control.push(bytes);
    if (!done) return;
    const payload = new Uint8Array(Buffer.concat(this.#control));
    this.#control = [];
    if (head.opcode === WS.ping && this.writable) this.writeFrame(WS.pong, payload);
    if (head.opcode !== WS.close) return;
    this.#gotClose = true;
    this.#end();
    if (this.#sentClose) this.#inner.end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handlers?.end();
  }
}
