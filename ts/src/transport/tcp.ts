// tcp: plain sockets. For networks whose descriptor allows connections without encryption.

import { connect, createServer, type Socket } from "node:net";
import { ProtocolError } from "../errors/index.js";
import { formatHostAddress, parseHostAddress } from "./address.js";
import type { Connection, ConnectionHandlers, Listener, Transport } from "./connection.js";

const scheme = "tcp";
/** Bytes in flight per direction before back-pressure: a few batches of the driver. */
const highWaterMark = 256 * 1024;
/** How long a closed socket may take to write its last bytes. */
const lingerMs = 1000;
const socketOptions = { allowHalfOpen: true, noDelay: true, highWaterMark } as const;

class TcpConnection implements Connection {
  readonly encrypted = false;
  readonly inProcess = false;
  readonly remoteAddress: string;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.pause();
    const { remoteAddress = "", remotePort = 0 } = socket;
    this.remoteAddress = formatHostAddress(scheme, { host: remoteAddress, port: remotePort });
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
    if (this.#socket.writableLength === 0) return void this.#socket.destroy();
    this.#socket.destroySoon();
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}

const unreachable = (address: string, cause: Error): ProtocolError =>
  new ProtocolError("UNREACHABLE", `${address}: ${cause.message}; check that a node listens there`, {
    origin: "transport",
    cause,
  });

function listen(address: string, accept: (connection: Connection) => void): Promise<Listener> {
  const { host, port } = parseHostAddress(scheme, address);
  const server = createServer(socketOptions, (socket) => accept(new TcpConnection(socket)));
  return new Promise((resolve, reject) => {
    // Before it listens an error is the answer; afterwards, such as too many open files, it costs one connection.
    server.on("error", (error) => reject(unreachable(address, error)));
    server.listen(port, host, () => {
      const bound = server.address();
      const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
      resolve({
        address: formatHostAddress(scheme, { host, port: boundPort }),
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}

async function dial(address: string, signal: AbortSignal): Promise<Connection> {
  const { host, port } = parseHostAddress(scheme, address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...socketOptions });
    const abort = (): void => void socket.destroy(new Error("the dial was given up"));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    socket.once("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(unreachable(address, error));
    });
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      resolve(new TcpConnection(socket));
    });
  });
}

function check(address: string): void {
  parseHostAddress(scheme, address);
}

export const tcp: Transport = { scheme, check, listen, dial };
