// A connection that has been read from already: gives whoever starts it what came before, then all the rest.

import type { Connection, ConnectionHandlers } from "../transport/index.js";

export class HeldConnection implements Connection {
  readonly #connection: Connection;
  readonly #heldSince = performance.now();
  #handlers: ConnectionHandlers | undefined;
  #early: Uint8Array[] = [];
  #hasEnded = false;

  /**
   * Starts a connection.
   * @param look sees all bytes so far after each chunk, until the connection is handed on.
   * @param closed is called when the connection closes before.
   */
  constructor(connection: Connection, look: (bytes: Uint8Array) => void, closed: () => void) {
    this.#connection = connection;
    connection.start({
      data: (chunk) => {
        if (this.#handlers !== undefined) return this.#handlers.data(chunk);
        this.#early.push(Uint8Array.from(chunk));
        look(Buffer.concat(this.#early));
      },
      end: () => {
        this.#hasEnded = true;
        if (this.#handlers === undefined) connection.close();
        else this.#handlers.end();
      },
      close: () => (this.#handlers === undefined ? closed() : this.#handlers.close()),
      drain: () => this.#handlers?.drain(),
    });
  }

  get channel(): Connection["channel"] {
    return this.#connection.channel;
  }

  get hasHalfClose(): boolean {
    return this.#connection.hasHalfClose;
  }

  get inProcess(): boolean {
    return this.#connection.inProcess;
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddress;
  }

  /** What was waited for the first bytes counts like a carrier's own handshake. */
  get openingMs(): number {
    return this.#connection.openingMs + (performance.now() - this.#heldSince);
  }

  start(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    const early = this.#early;
    this.#early = [];
    for (const chunk of early) handlers.data(chunk);
    if (this.#hasEnded) handlers.end();
  }

  write(bytes: Uint8Array): boolean {
    return this.#connection.write(bytes);
  }

  end(): void {
    this.#connection.end();
  }

  close(): void {
    this.#connection.close();
  }

  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }
}
