// tcp: plain sockets. For networks whose descriptor allows connections without encryption.

import { connect, createServer, type Server, type Socket } from "node:net";
import { formatAddress, type Scheme } from "../identity/index.js";
import { parseAddressOf, remoteAddressOf } from "./address.js";
import { plainChannel, type Connection, type Listener, type Transport } from "./connection.js";
import type { HandshakeGate } from "./handshake-gate.js";
import { SocketConnection, socketOptions } from "./socket-connection.js";
import { unreachable } from "./unreachable.js";

const scheme = "tcp";

/**
 * Opens a server at an address. What waits at its gate is closed with it.
 * @throws {ProtocolError} UNREACHABLE
 */
export function listenWith(server: Server, scheme: Scheme, address: string, gate?: HandshakeGate): Promise<Listener> {
  const { host, port } = parseAddressOf(scheme, address, { listening: true });
  return new Promise((resolve, reject) => {
    // Before it listens an error is the answer; afterwards, such as too many open files, it costs one connection.
    server.on("error", (error) => reject(unreachable(address, error, "choose another port or host")));
    server.listen(port, host, () => {
      const bound = server.address();
      const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
      resolve({
        address: formatAddress({ scheme, host, port: boundPort }),
        close: () => {
          gate?.clear();
          return new Promise((closed) => server.close(() => closed()));
        },
      });
    });
  });
}

/**
 * Waits for an event of a socket that makes it ready; an error or the signal before it destroys the socket.
 * @throws {ProtocolError} UNREACHABLE
 */
export function untilReady<T extends Socket>(
  socket: T,
  event: "connect" | "secureConnect",
  address: string,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => void socket.destroy(new Error("the dial was given up"));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    socket.once("close", () => {
      signal.removeEventListener("abort", abort);
      reject(unreachable(address, new Error("the other side closed")));
    });
    socket.on("error", (error) => reject(unreachable(address, error)));
    socket.once(event, () => {
      signal.removeEventListener("abort", abort);
      if (socket.remoteAddress === undefined) socket.destroy();
      else resolve(socket);
    });
  });
}

/** A connected socket. @throws {ProtocolError} UNREACHABLE */
export function connectTcp(scheme: Scheme, address: string, signal: AbortSignal): Promise<Socket> {
  const { host, port } = parseAddressOf(scheme, address);
  return untilReady(connect({ host, port, ...socketOptions }), "connect", address, signal);
}

function connectionOver(socket: Socket): Connection {
  const remoteAddress = remoteAddressOf(scheme, socket);
  return new SocketConnection(socket, { remoteAddress, channel: plainChannel, openingMs: 0 });
}

async function listen(address: string, accept: (connection: Connection) => void): Promise<Listener> {
  return listenWith(
    createServer(socketOptions, (socket) => {
      // It was reset before anybody could look.
      if (socket.remoteAddress === undefined) socket.destroy();
      else accept(connectionOver(socket));
    }),
    scheme,
    address,
  );
}

async function dial(address: string, signal: AbortSignal): Promise<Connection> {
  return connectionOver(await connectTcp(scheme, address, signal));
}

function check(address: string): void {
  parseAddressOf(scheme, address);
}

export const tcp: Transport = { scheme, check, listen, dial };
