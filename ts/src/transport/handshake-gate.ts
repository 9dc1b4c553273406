// Accepted sockets whose carrier is still busy with its own handshake: bounded in number, in all and from one place, and in
// time, so that peers that never finish cost little and keep nobody out. It knows sockets, and neither TLS nor HTTP.

import type { Socket } from "node:net";
import { Reception, type ReceptionLimits } from "../engine/index.js";
import type { Limits } from "../ports/index.js";
import { remoteAddressOf } from "./address.js";

/** What names a TCP connection, on the socket below TLS and on the one above it alike. */
type Ends = Pick<Socket, "localAddress" | "localPort" | "remoteAddress" | "remotePort">;

export type GateLimits = ReceptionLimits & Pick<Limits, "HANDSHAKE_MS">;

interface Waiting {
  readonly name: string;
  readonly socket: Socket;
  readonly acceptedMs: number;
  readonly timer: NodeJS.Timeout;
}

const nameOf = ({ localAddress, localPort, remoteAddress, remotePort }: Ends): string =>
  [localAddress, localPort, remoteAddress, remotePort].join(" ");

export class HandshakeGate {
  readonly #limitMs: number;
  readonly #isBehindProxy: boolean;
  readonly #reception: Reception;
  /** By the number of their coming. */
  readonly #waiting = new Map<number, Waiting>();
  readonly #numbers = new Map<string, number>();
  #last = 0;

  /** @param isBehindProxy all may seem to come from one place: places are not counted. */
  constructor(limits: GateLimits, isBehindProxy = false) {
    this.#limitMs = limits.HANDSHAKE_MS;
    this.#isBehindProxy = isBehindProxy;
    this.#reception = new Reception(limits, (number) => this.#drop(number));
  }

  /** Takes a socket in as it was accepted. The oldest makes room, of its place or of all. */
  admit(socket: Socket): void {
    socket.on("error", () => undefined);
    // It was reset before anybody could look.
    if (socket.remoteAddress === undefined) return void socket.destroy();
    const number = this.#add(socket);
    const place = this.#isBehindProxy ? "" : remoteAddressOf("tcp", socket);
    if (!this.#reception.begin(number, place, performance.now())) this.#drop(number);
    return undefined;
  }

  #add(socket: Socket): number {
    const number = ++this.#last;
    const name = nameOf(socket);
    // r[tls.timeout] mutate: `this.#limitMs` => `2 ** 30`
    const timer = setTimeout(() => socket.destroy(), this.#limitMs);
    this.#waiting.set(number, { name, socket, acceptedMs: performance.now(), timer });
    this.#numbers.set(name, number);
    socket.once("close", () => this.#forget(number));
    return number;
  }

  /** Lets a connection out whose handshake is complete, with the milliseconds that it took; undefined when it is gone. */
  pass(ends: Ends): number | undefined {
    const number = this.#numbers.get(nameOf(ends)) ?? 0;
    const waiting = this.#waiting.get(number);
    if (waiting === undefined || waiting.socket.destroyed) return undefined;
    this.#forget(number);
    return performance.now() - waiting.acceptedMs;
  }

  /** Closes everything that waits. */
  clear(): void {
    for (const number of this.#waiting.keys()) this.#drop(number);
  }

  #drop(number: number): void {
    const socket = this.#waiting.get(number)?.socket;
    this.#forget(number);
    socket?.destroy();
  }

  #forget(number: number): void {
    const waiting = this.#waiting.get(number);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(number);
    this.#reception.ended(number);
    // Another connection may have come from the same port since.
    if (this.#numbers.get(waiting.name) === number) this.#numbers.delete(waiting.name);
  }
}
