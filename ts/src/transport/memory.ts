// memory: pairs of connections inside one process, for tests and for applications that keep several nodes in one.

import { ProtocolError } from "../errors/index.js";
import { formatAddress } from "../identity/index.js";
import { parseAddressOf } from "./address.js";
import { plainChannel, type Connection, type ConnectionHandlers, type Listener, type Transport } from "./connection.js";

const scheme = "memory";
/** Bytes under way per direction before back-pressure. */
const highWaterBytes = 256 * 1024;

class MemoryConnection implements Connection {
  readonly channel = plainChannel;
  readonly hasHalfClose = true;
  readonly inProcess = true;
  readonly openingMs = 0;
  readonly remoteAddress: string;
  #other: MemoryConnection | undefined;
  #handlers: ConnectionHandlers | undefined;
  /** What the other side has sent and this side has not taken. */
  #arrived: Uint8Array[] = [];
  #arrivedBytes = 0;
  #otherWaits = false;
  #isPaused = false;
  #isScheduled = false;
  #otherEnded = false;
  #toldEnd = false;
  #isClosed = false;

  constructor(remoteAddress: string) {
    this.remoteAddress = remoteAddress;
  }

  static pair(address: string): [MemoryConnection, MemoryConnection] {
    const a = new MemoryConnection(address);
    const b = new MemoryConnection(address);
    a.#other = b;
    b.#other = a;
    return [a, b];
  }

  start(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    this.#schedule();
  }

  write(bytes: Uint8Array): boolean {
    return this.#other === undefined || this.#other.#take(bytes);
  }

  end(): void {
    if (this.#other === undefined) return;
    this.#other.#otherEnded = true;
    this.#other.#schedule();
  }

  close(): void {
    this.#close();
    if (this.#other !== undefined) this.#other.#close();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }

  #take(bytes: Uint8Array): boolean {
    if (this.#isClosed) return true;
    this.#arrived.push(bytes);
    this.#arrivedBytes += bytes.length;
    this.#schedule();
    this.#otherWaits = this.#arrivedBytes >= highWaterBytes;
    return !this.#otherWaits;
  }

  #drained(): void {
    this.#handlers?.drain();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#handlers === undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const handlers = this.#handlers;
    if (handlers === undefined) return;
    while (this.#arrived.length > 0 && !this.#isPaused) this.#deliverBatch(handlers);
    if (this.#otherEnded && !this.#toldEnd && this.#arrived.length === 0 && !this.#isPaused) {
      this.#toldEnd = true;
      handlers.end();
    }
    if (!this.#isClosed) return;
    this.#handlers = undefined;
    handlers.close();
  }

  #deliverBatch(handlers: ConnectionHandlers): void {
    const batch = this.#arrived;
    this.#arrived = [];
    let next = 0;
    for (; next < batch.length && !this.#isPaused; next++) {
      const bytes = batch[next] as Uint8Array;
      this.#arrivedBytes -= bytes.length;
      handlers.data(bytes);
    }
    this.#arrived = [...batch.slice(next), ...this.#arrived];
    if (!this.#otherWaits || this.#arrivedBytes >= highWaterBytes) return;
    this.#otherWaits = false;
    if (this.#other !== undefined) this.#other.#drained();
  }
}

const listeners = new Map<string, (connection: Connection) => void>();
let lastName = 0;

/** The text that an address is listened at and found by: without pin. */
function keyOf(address: string): string {
  const { host, port } = parseAddressOf(scheme, address);
  return formatAddress({ scheme, host, port });
}

function check(address: string): void {
  parseAddressOf(scheme, address);
}

async function listen(address: string, accept: (connection: Connection) => void): Promise<Listener> {
  const key = keyOf(address);
  const bound = key === "memory://any" ? `memory://any-${++lastName}` : key;
  if (listeners.has(bound))
    throw new ProtocolError("UNREACHABLE", `${bound} is taken; choose another name`, { origin: "transport" });
  listeners.set(bound, accept);
  return {
    address: bound,
    close: async () => void listeners.delete(bound),
  };
}

async function dial(address: string, signal: AbortSignal): Promise<Connection> {
  const key = keyOf(address);
  // Nothing takes time here, but a dial can be given up as on any other transport.
  await Promise.resolve();
  if (signal.aborted) {
    throw new ProtocolError("UNREACHABLE", `${address}: the dial was given up`, { origin: "transport" });
  }
  const accept = listeners.get(key);
  if (accept === undefined) {
    throw new ProtocolError("UNREACHABLE", `nobody listens at ${address}; check the name`, { origin: "transport" });
  }
  const [mine, theirs] = MemoryConnection.pair(key);
  accept(theirs);
  return mine;
}

export const memory: Transport = { scheme, check, listen, dial };
