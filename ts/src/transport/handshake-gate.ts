// Accepted sockets whose carrier is still busy with its own handshake: bounded in number and in time, so that peers that
// never finish cost little and keep nobody out. It knows sockets, and neither TLS nor HTTP.

import type { Socket } from "node:net";

/** What names a TCP connection, on the socket below TLS and on the one above it alike. */
type Ends = Pick<Socket, "localAddress" | "localPort" | "remoteAddress" | "remotePort">;

interface Waiting {
  readonly socket: Socket;
  readonly acceptedMs: number;
  readonly timer: NodeJS.Timeout;
}

const nameOf = ({ localAddress, localPort, remoteAddress, remotePort }: Ends): string =>
  [localAddress, localPort, remoteAddress, remotePort].join(" ");

export class HandshakeGate {
  readonly #limit: number;
  readonly #limitMs: number;
  /** In the order of their coming. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(limit: number, limitMs: number) {
    this.#limit = limit;
    this.#limitMs = limitMs;
  }

  /** Takes a socket in as it was accepted. The oldest makes room. */
  admit(socket: Socket): void {
    const name = nameOf(socket);
    socket.on("error", () => undefined);
    // It was reset before anybody could look.
    if (socket.remoteAddress === undefined) return void socket.destroy();
    // r[tls.timeout] mutate: `this.#limitMs` => `2 ** 30`
    const timer = setTimeout(() => socket.destroy(), this.#limitMs);
    this.#waiting.set(name, { socket, acceptedMs: performance.now(), timer });
    socket.once("close", () => {
      // Another connection may have come from the same port since.
      if (this.#waiting.get(name)?.socket === socket) this.#forget(name);
    });
    if (this.#waiting.size > this.#limit) this.#dropOldest();
    return undefined;
  }

  /** Lets a connection out whose handshake is complete, with the milliseconds that it took; undefined when it is gone. */
  pass(ends: Ends): number | undefined {
    const name = nameOf(ends);
    const waiting = this.#waiting.get(name);
    if (waiting === undefined || waiting.socket.destroyed) return undefined;
    this.#forget(name);
    return performance.now() - waiting.acceptedMs;
  }

  /** Closes everything that waits. */
  clear(): void {
    for (const [name, { socket }] of this.#waiting) {
      this.#forget(name);
      socket.destroy();
    }
  }

  #dropOldest(): void {
    for (const [name, { socket }] of this.#waiting) {
      this.#forget(name);
      return void socket.destroy();
    }
  }

  #forget(name: string): void {
    clearTimeout(this.#waiting.get(name)?.timer);
    this.#waiting.delete(name);
  }
}
