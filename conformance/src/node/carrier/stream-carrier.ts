// A connection over a socket of its own: TCP, or TLS on top of it. What happens before somebody listens is kept.
import type { Socket } from "node:net";
import type { Bytes } from "../../golden/index.js";
import type { Carrier, CarrierHandlers, ChannelFacts, Scheme } from "./carrier.js";

export interface Layers {
  /** Where bytes of the stream are read and written. */
  readonly socket: Socket;
  /** The TCP connection underneath, the same one without TLS. */
  readonly raw: Socket;
}

export class StreamCarrier implements Carrier {
  readonly scheme: Scheme;
  readonly facts: ChannelFacts;
  readonly hasHalfClose = true;
  readonly #socket: Socket;
  readonly #raw: Socket;
  #error: string | undefined;
  #isAborted = false;
  #handlers: CarrierHandlers | undefined;

  constructor(scheme: Scheme, { socket, raw }: Layers, facts: ChannelFacts = {}) {
    this.scheme = scheme;
    this.facts = facts;
    this.#socket = socket;
    this.#raw = raw;
    const onError = (error: NodeJS.ErrnoException): void => this.#failed(error.code ?? error.message);
    socket.on("error", onError);
    if (raw !== socket) raw.on("error", onError);
  }

  get writable(): boolean {
    return this.#socket.writable;
  }

  start(handlers: CarrierHandlers): void {
    this.#handlers = handlers;
    const socket = this.#socket;
    if (this.#error !== undefined) handlers.reset(this.#error);
    socket.on("data", (chunk: Buffer) => handlers.data(chunk));
    socket.on("end", () => handlers.end());
    socket.on("close", () => handlers.closed());
    if (socket.closed) handlers.closed();
    else socket.resume();
  }

  write(bytes: Bytes): void {
    this.#socket.write(bytes);
  }

  writeBelow(bytes: Bytes): void {
    this.#raw.write(bytes);
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  endBelow(): void {
    this.#raw.end();
  }

  abort(): void {
    // TLS above goes with it: to destroy that too, in the same turn, would crash the runtime.
    this.#isAborted = true;
    this.#raw.resetAndDestroy();
  }

  destroy(): void {
    if (this.#isAborted) return;
    this.#socket.destroy();
    this.#raw.destroy();
  }

  #failed(detail: string): void {
    // The layers of one connection fail together; once is enough.
    if (this.#error !== undefined) return;
    this.#error = detail;
    this.#handlers?.reset(detail);
  }
}
