// A connection over a stream socket whose directions end apart: TCP, or TLS over it.

import type { Socket } from "node:net";
import type { ChannelFacts, Connection, ConnectionHandlers } from "./connection.js";

/** Bytes in flight per direction before back-pressure: a few batches of the driver. */
const highWaterMark = 256 * 1024;
/** How long a closed socket may take to write its last bytes. */
export const lingerMs = 1000;
/** Options of every socket, dialled or accepted. */
export const socketOptions = { allowHalfOpen: true, noDelay: true, highWaterMark } as const;

/** What is known of a socket once its carrier's handshake is over. */
export interface SocketFacts {
  readonly remoteAddress: string;
  readonly channel: ChannelFacts;
  readonly openingMs: number;
}

/** Destroys a socket, at once when nothing waits to be written, else within a moment. */
export function destroySoon(socket: Socket): void {
  if (socket.writableLength === 0) return void socket.destroy();
  socket.destroySoon();
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

export class SocketConnection implements Connection {
  readonly hasHalfClose = true;
  readonly inProcess = false;
  readonly remoteAddress: string;
  readonly channel: ChannelFacts;
  readonly openingMs: number;
  readonly #socket: Socket;

  constructor(socket: Socket, facts: SocketFacts) {
    this.#socket = socket;
    this.remoteAddress = facts.remoteAddress;
    this.channel = facts.channel;
    this.openingMs = facts.openingMs;
    socket.pause();
    // A reset arrives as an error and then as close; close is what the driver acts on.
    socket.on("error", () => undefined);
  }

  start(handlers: ConnectionHandlers): void {
    this.#socket.on("data", (chunk: Uint8Array) => handlers.data(chunk));
    this.#socket.on("end", () => handlers.end());
    this.#socket.on("close", () => handlers.close());
    this.#socket.on("drain", () => handlers.drain());
    this.#socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    return this.#socket.writable ? this.#socket.write(bytes) : true;
  }

  end(): void {
    this.#socket.end();
  }

  close(): void {
    destroySoon(this.#socket);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}
