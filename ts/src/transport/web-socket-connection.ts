// A connection over a WebSocket whose upgrade is complete: the bytes of its binary messages, one after the other. It has
// no half-close: a close frame of either side ends both directions (6.2).

import type { Socket } from "node:net";
import { Limit } from "../gen/registry.js";
import type { ChannelFacts, Connection, ConnectionHandlers } from "./connection.js";
import type { EndingWebSocket } from "./ending-web-socket.js";
import { destroySoon, lingerMs, type SocketFacts } from "./socket-connection.js";

/**
 * Most bytes that may come for one message, with headers, and with pings between its fragments. The library keeps the
 * chunks in which fragments came: a peer could send a byte of the message in each, and fill the rest with what is no part of it.
 */
const longestMessageBytes = 64 * Limit.WS_MESSAGE_BYTES;

export class WebSocketConnection implements Connection {
  readonly hasHalfClose = false;
  readonly inProcess = false;
  readonly remoteAddress: string;
  readonly channel: ChannelFacts;
  readonly openingMs: number;
  readonly #webSocket: EndingWebSocket;
  /** What is below the WebSocket. */
  readonly #socket: Socket;
  #handlers: ConnectionHandlers | undefined;
  /** Messages that came with others in one chunk, and were not taken. */
  #arrived: Uint8Array[] = [];
  #bytesOfMessage = 0;
  #isPaused = true;
  #isScheduled = false;
  /** This side has closed; it hears of nothing more but the close. */
  #isClosed = false;
  #hasEnded = false;
  #hasOtherEnded = false;
  #toldEnd = false;
  /** The connection below is over. */
  #isGone = false;

  constructor(webSocket: EndingWebSocket, socket: Socket, facts: SocketFacts) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.remoteAddress = facts.remoteAddress;
    this.channel = facts.channel;
    this.openingMs = facts.openingMs;
    webSocket.pause();
    webSocket.on("message", (data: Uint8Array, isBinary) => this.#take(data, isBinary));
    webSocket.on("ping", (data) => this.#answer(data));
    webSocket.on("ended", () => this.#otherEnded());
    webSocket.on("error", () => this.#abort());
    webSocket.on("close", () => this.#gone());
    socket.on("data", (chunk: Uint8Array) => this.#count(chunk.length));
    socket.on("end", () => this.#otherEnded());
    socket.on("drain", () => this.#handlers?.drain());
  }

  start(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    this.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#hasEnded) return true;
    for (let at = 0; at < bytes.length; at += Limit.WS_MESSAGE_BYTES) {
      const message = bytes.subarray(at, at + Limit.WS_MESSAGE_BYTES);
      // r[ws.message.sender] mutate: `send(message)` => `send(message, { fin: false })`
      this.#webSocket.send(message);
    }
    return !this.#socket.writableNeedDrain;
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#webSocket.end();
  }

  close(): void {
    this.#isClosed = true;
    this.#hasEnded = true;
    this.#arrived = [];
    destroySoon(this.#socket);
    this.#schedule();
  }

  pause(): void {
    this.#isPaused = true;
    // Behind the end there is nothing to hold back, and the connection below has to come to its own.
    if (!this.#hasOtherEnded) this.#webSocket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#deliver();
      if (!this.#isPaused) this.#webSocket.resume();
    });
  }

  #take(data: Uint8Array, isBinary: boolean): void {
    this.#bytesOfMessage = 0;
    // r[ws.binary]
    if (!isBinary) return this.#abort();
    // The library goes on to the end of the chunk, whatever has become of the connection.
    if (this.#isClosed || data.length === 0) return;
    this.#arrived.push(data);
    this.#deliver();
  }

  #count(bytes: number): void {
    if (this.#hasOtherEnded) return;
    this.#bytesOfMessage += bytes;
    if (this.#bytesOfMessage > longestMessageBytes) this.#abort();
  }

  /** Hands on what came, until it is all taken or the other side is told to pause; then how it ended. */
  #deliver(): void {
    const handlers = this.#handlers;
    if (handlers === undefined) return;
    let next = 0;
    for (; next < this.#arrived.length && !this.#isPaused; next++) handlers.data(this.#arrived[next] as Uint8Array);
    this.#arrived.splice(0, next);
    // Who has paused hears of no end, unless there is nothing left to wait for.
    if (this.#arrived.length > 0 || (this.#isPaused && !this.#isGone)) return;
    if (this.#hasOtherEnded && !this.#toldEnd && !this.#isClosed) {
      this.#toldEnd = true;
      handlers.end();
    }
    if (!this.#isGone) return;
    this.#handlers = undefined;
    handlers.close();
  }

  /** Who does not read its answers gets no more of them: the last one is what counts. */
  #answer(ping: Uint8Array): void {
    if (!this.#hasEnded && !this.#socket.writableNeedDrain) this.#webSocket.pong(ping);
  }

  /** A close frame came, or the connection below ended without one. */
  #otherEnded(): void {
    if (this.#hasOtherEnded) return;
    this.#hasOtherEnded = true;
    this.#hasEnded = true;
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    this.#deliver();
  }

  /** What came breaks RFC 6455 or section 6.2: not a byte more goes either way. */
  #abort(): void {
    this.#isClosed = true;
    this.#hasEnded = true;
    this.#arrived = [];
    this.#socket.destroy();
  }

  #gone(): void {
    this.#isGone = true;
    this.#hasEnded = true;
    this.#hasOtherEnded = true;
    this.#deliver();
  }
}
