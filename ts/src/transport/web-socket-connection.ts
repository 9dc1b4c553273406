// A connection over a WebSocket whose upgrade is complete: the bytes of its binary messages, one after the other. It has
// no half-close: a close frame of either side ends both directions (6.2).

import type { Socket } from "node:net";
import type { ChannelFacts, Connection, ConnectionHandlers } from "./connection.js";
import { destroySoon, lingerMs, type SocketFacts } from "./socket-connection.js";
import { encodeWebSocketFrame } from "./web-socket-frame.js";
import { opcodes, WebSocketReader, type Piece } from "./web-socket-reader.js";

/** A close frame with code 1000. */
const closePayload = Uint8Array.of(0x03, 0xe8);

export class WebSocketConnection implements Connection {
  readonly hasHalfClose = false;
  readonly inProcess = false;
  readonly remoteAddress: string;
  readonly channel: ChannelFacts;
  readonly openingMs: number;
  readonly #socket: Socket;
  readonly #isInitiator: boolean;
  readonly #reader: WebSocketReader;
  #handlers: ConnectionHandlers | undefined;
  #isPaused = false;
  #isScheduled = false;
  #isClosed = false;
  #hasEnded = false;
  #hasOtherEnded = false;

  constructor(socket: Socket, role: "initiator" | "responder", facts: SocketFacts) {
    this.#socket = socket;
    this.#isInitiator = role === "initiator";
    this.#reader = new WebSocketReader(role === "responder");
    this.remoteAddress = facts.remoteAddress;
    this.channel = facts.channel;
    this.openingMs = facts.openingMs;
    socket.pause();
    socket.on("error", () => undefined);
  }

  start(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    this.#isPaused = false;
    this.#socket.on("data", (chunk: Uint8Array) => {
      this.#reader.push(chunk);
      this.#deliver();
    });
    this.#socket.on("end", () => this.#otherEnded());
    this.#socket.on("close", () => handlers.close());
    this.#socket.on("drain", () => handlers.drain());
    this.#socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#hasEnded || bytes.length === 0) return true;
    return this.#send(opcodes.binary, bytes);
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#send(opcodes.close, closePayload);
  }

  close(): void {
    this.#isClosed = true;
    this.#hasEnded = true;
    destroySoon(this.#socket);
  }

  pause(): void {
    this.#isPaused = true;
    if (!this.#hasOtherEnded) this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  #send(opcode: number, payload: Uint8Array): boolean {
    const socket = this.#socket;
    return socket.writable ? socket.write(encodeWebSocketFrame(opcode, payload, this.#isInitiator)) : true;
  }

  /** Hands on what can be read, until it is all read or the reader is told to pause. */
  #deliver(): void {
    while (!this.#isPaused) {
      const piece = this.#isClosed ? undefined : this.#reader.next();
      if (piece === undefined) return void this.#socket.resume();
      this.#handle(piece);
    }
  }

  #handle(piece: Piece): void {
    switch (piece.type) {
      case "data":
        return this.#handlers?.data(piece.bytes);
      case "ping":
        // Who does not read its answers gets no more of them: the last one is what counts.
        if (!this.#hasEnded && !this.#socket.writableNeedDrain) this.#send(opcodes.pong, piece.bytes);
        return undefined;
      case "close":
        // r[ws.end] mutate: `this.#otherEnded()` => `undefined`
        return this.#otherEnded();
      case "broken":
        this.#hasEnded = true;
        return void this.#socket.destroy();
    }
  }

  /** A close frame came, or the connection ended without one. */
  #otherEnded(): void {
    if (this.#hasOtherEnded || this.#isClosed) return;
    this.#hasOtherEnded = true;
    this.#handlers?.end();
    this.end();
    this.#socket.end();
    // Whatever still comes is dropped, up to the end of the connection below.
    this.#socket.resume();
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
  }
}
