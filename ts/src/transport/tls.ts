// tls: Motet over TLS, agreed on by ALPN.

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { ProtocolError } from "../errors/index.js";
import { parseAddressOf, remoteAddressOf } from "./address.js";
import type { Connection, Listener, Transport } from "./connection.js";
import { HandshakeGate } from "./handshake-gate.js";
import type { ServerCertificate, Settings } from "./settings.js";
import { SocketConnection } from "./socket-connection.js";
import { connectTcp, listenWith } from "./tcp.js";
import { channelOf, createTlsServer, secureSocket } from "./tls-socket.js";

const scheme = "tls";
const protocol = "motet";

function connectionOver(socket: TLSSocket, role: "initiator" | "responder", openingMs: number): Connection {
  const remoteAddress = remoteAddressOf(scheme, socket);
  return new SocketConnection(socket, { remoteAddress, channel: channelOf(socket, role), openingMs });
}

/** The transport `tls`, with the certificate that its listeners show. */
export function createTls(settings: Settings, certificate: () => Promise<ServerCertificate>): Transport {
  async function listen(address: string, accept: (connection: Connection) => void): Promise<Listener> {
    parseAddressOf(scheme, address, { listening: true });
    const gate = new HandshakeGate(settings.limits);
    const server = createTlsServer(await certificate(), protocol);
    server.on("connection", (socket: Socket) => gate.admit(socket));
    server.on("secureConnection", (socket) => {
      const openingMs = gate.pass(socket);
      if (openingMs === undefined) return void socket.destroy();
      // r[tls.alpn]
      if (socket.alpnProtocol !== protocol) return void socket.destroy();
      return accept(connectionOver(socket, "responder", openingMs));
    });
    return listenWith(server, scheme, address, gate);
  }

  async function dial(address: string, signal: AbortSignal): Promise<Connection> {
    const plain = await connectTcp(scheme, address, signal);
    const connectedMs = performance.now();
    const socket = await secureSocket(plain, address, { ...settings, protocol }, signal);
    // r[tls.alpn] also
    if (socket.alpnProtocol !== protocol) {
      socket.destroy();
      const what = `${address}: the other side completed TLS without the ALPN protocol "${protocol}"; check the port`;
      throw new ProtocolError("NOT_MOTET", what, { origin: "transport", rule: "tls.alpn" });
    }
    return connectionOver(socket, "initiator", performance.now() - connectedMs);
  }

  return { scheme, check, listen, dial };
}

function check(address: string): void {
  parseAddressOf(scheme, address);
}
