// ws and wss: Motet over WebSocket, without TLS (behind a proxy, or on the same machine) and with it.

import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { WebSocketServer, type Server } from "ws";
import { formatAddress } from "../identity/index.js";
import { parseAddressOf, remoteAddressOf, schemeOf } from "./address.js";
import { plainChannel, type Connection, type Listener, type Transport } from "./connection.js";
import { EndingWebSocket, maxHeaderSize, path, subprotocol, webSocketOptions } from "./ending-web-socket.js";
import { HandshakeGate } from "./handshake-gate.js";
import type { ServerCertificate, Settings } from "./settings.js";
import { lingerMs, socketOptions } from "./socket-connection.js";
import { connectTcp, listenWith } from "./tcp.js";
import { channelOf, secureSocket, createTlsServer } from "./tls-socket.js";
import { WebSocketConnection } from "./web-socket-connection.js";
import { upgradeSocket } from "./web-socket-request.js";
import { refusal, UpgradeJudge, type Upgrade } from "./web-socket-upgrade.js";

/** ALPN protocol of `wss`: the upgrade is one of HTTP/1.1. */
const httpProtocol = "http/1.1";

type Scheme = "ws" | "wss";
type Role = "initiator" | "responder";

/** What the opening of a connection told. */
interface Opening {
  readonly webSocket: EndingWebSocket;
  readonly openingMs: number;
  readonly authority: string | undefined;
}

/** Answers a request that is not upgraded, and closes. */
function refuse(socket: Socket, status: number): void {
  socket.on("error", () => undefined);
  socket.end(refusal(status));
  socket.resume();
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

/** What completes upgrades that were judged right; what else the library finds wrong is refused in the same way. */
function createCompleter(): Server<typeof EndingWebSocket> {
  const server = new WebSocketServer({
    ...webSocketOptions,
    // r[ws.extensions] mutate: `perMessageDeflate: false` => `perMessageDeflate: true`
    perMessageDeflate: false,
    WebSocket: EndingWebSocket,
    handleProtocols: () => subprotocol,
    clientTracking: false,
    noServer: true,
  });
  server.on("wsClientError", (_error, socket) => refuse(socket as Socket, 400));
  return server;
}

/** A server of HTTP that does not listen: sockets are handed to it, and come out of it upgraded. */
function createUpgrader(
  judge: UpgradeJudge,
  upgraded: (webSocket: EndingWebSocket, socket: Socket, upgrade: Upgrade) => void,
): HttpServer {
  const completer = createCompleter();
  const server = createHttpServer({ maxHeaderSize });
  server.on("request", (request, response) => {
    response.shouldKeepAlive = false;
    // r[ws.subprotocol.responder] also
    if (request.url === path) response.writeHead(426, { Upgrade: "websocket" }).end();
    else response.writeHead(404).end();
  });
  server.on("upgrade", (request, duplex, head) => {
    const socket = duplex as Socket;
    const verdict = judge.judge(request);
    if (typeof verdict === "number") return refuse(socket, verdict);
    return completer.handleUpgrade(request, socket, head, (webSocket) => upgraded(webSocket, socket, verdict));
  });
  return server;
}

/** The transports `ws` and `wss`, with the certificate that listeners of `wss` show. */
export function createWebSocket(
  scheme: Scheme,
  settings: Settings,
  certificate: () => Promise<ServerCertificate>,
): Transport {
  async function listen(address: string, accept: (connection: Connection) => void): Promise<Listener> {
    parseAddressOf(scheme, address, { listening: true });
    // Which connections come through it, their headers tell too late.
    const isBehindProxy = scheme === "ws" && settings.configured.some((configured) => schemeOf(configured) === "wss");
    const gate = new HandshakeGate(settings.limits, isBehindProxy);
    const upgrader = createUpgrader(new UpgradeJudge(settings, address), (webSocket, socket, { authority }) => {
      const openingMs = gate.pass(socket);
      if (openingMs === undefined) return void socket.destroy();
      return accept(connectionOver(socket, "responder", { webSocket, openingMs, authority }));
    });
    const front = scheme === "ws" ? createServer(socketOptions) : createTlsServer(await certificate(), httpProtocol);
    front.on("connection", (socket: Socket) => gate.admit(socket));
    front.on(scheme === "ws" ? "connection" : "secureConnection", (socket: Socket) =>
      upgrader.emit("connection", socket),
    );
    return listenWith(front, scheme, address, gate);
  }

  async function dial(address: string, signal: AbortSignal): Promise<Connection> {
    const plain = await connectTcp(scheme, address, signal);
    const connectedMs = performance.now();
    const target = { ...settings, protocol: httpProtocol };
    const socket = scheme === "ws" ? plain : await secureSocket(plain, address, target, signal);
    const webSocket = await upgradeSocket(socket, address, signal);
    // r[binding.authority.initiator] mutate: `socket.authorized` => `true`
    const isValidated = socket instanceof TLSSocket && socket.authorized;
    const { host, port } = parseAddressOf(scheme, address);
    const authority = isValidated ? formatAddress({ scheme, host, port }) : undefined;
    const openingMs = performance.now() - connectedMs;
    return connectionOver(socket, "initiator", { webSocket, openingMs, authority });
  }

  function connectionOver(socket: Socket, role: Role, { webSocket, openingMs, authority }: Opening): Connection {
    const channel = socket instanceof TLSSocket ? channelOf(socket, role) : plainChannel;
    return new WebSocketConnection(webSocket, socket, {
      remoteAddress: remoteAddressOf(scheme, socket),
      channel: authority === undefined ? channel : { ...channel, authority },
      openingMs,
    });
  }

  return { scheme, check: (address) => void parseAddressOf(scheme, address), listen, dial };
}
