// Listeners and connections of one test, closed at its end whatever becomes of it.

import { connect, type Socket } from "node:net";
import { parseAddress } from "../../src/identity/index.js";
import { createTransports, type Listener, type Transport, type TransportSettings } from "../../src/transport/index.js";
import { Ear } from "./transport-contract.js";

const never = new AbortController().signal;

/** One of a new set of transports. */
export function transportOf(scheme: string, settings: TransportSettings = {}): Transport {
  return createTransports(settings).get(scheme) as Transport;
}

export class Workshop {
  readonly #listeners: Listener[] = [];
  readonly #ears: Ear[] = [];
  readonly #sockets: Socket[] = [];

  /** A listener, and what it has accepted so far: started. */
  async listen(transport: Transport, address: string): Promise<{ address: string; accepted: Accepted }> {
    const accepted = new Accepted();
    const listener = await transport.listen(address, (connection) => {
      const ear = new Ear(connection).start();
      this.#ears.push(ear);
      accepted.add(ear);
    });
    this.#listeners.push(listener);
    return { address: listener.address, accepted };
  }

  async dial(transport: Transport, address: string): Promise<Ear> {
    const ear = new Ear(await transport.dial(address, never)).start();
    this.#ears.push(ear);
    return ear;
  }

  /** A plain socket to an address, connected. */
  async socket(address: string): Promise<Socket> {
    const { host, port } = parseAddress(address);
    const socket = connect({ host, port });
    this.#sockets.push(socket);
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
    for (const ear of this.#ears.splice(0)) ear.connection.close();
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
  }
}

/** Connections in the order of their coming. */
class Accepted {
  readonly all: Ear[] = [];
  readonly #waiting: (() => void)[] = [];

  add(ear: Ear): void {
    this.all.push(ear);
    for (const look of this.#waiting.splice(0)) look();
  }

  /** The connection at an index, once it has come. */
  async at(index: number): Promise<Ear> {
    while (this.all.length <= index) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.all[index] as Ear;
  }
}

/** Resolves when a socket is closed, with everything that it had received. */
export function untilClosed(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  return new Promise((resolve) => socket.once("close", () => resolve(Buffer.concat(chunks))));
}
