// The initiator's half of a WebSocket handshake, over a socket that is connected.

import type { ClientRequestArgs } from "node:http";
import type { Socket } from "node:net";
import type { ClientOptions } from "ws";
import { formatAddress, parseAddress } from "../identity/index.js";
import { EndingWebSocket, maxHeaderSize, subprotocol, webSocketOptions } from "./ending-web-socket.js";
import { unreachable } from "./unreachable.js";

const options: ClientOptions & ClientRequestArgs = {
  ...webSocketOptions,
  maxHeaderSize,
  // r[ws.extensions] also
  perMessageDeflate: false,
  followRedirects: false,
};

/** A request over a socket. The library refuses every answer that does not select what was offered. */
function request(socket: Socket, address: string): EndingWebSocket {
  const { scheme, host, port } = parseAddress(address);
  // Without the pin, which would be taken for user information.
  const url = formatAddress({ scheme, host, port });
  // r[ws.subprotocol] mutate: `[subprotocol]` => `["chat"]`
  // r[ws.subprotocol.initiator] mutate: `[subprotocol]` => `[subprotocol, "chat"]`
  return new EndingWebSocket(url, [subprotocol], { ...options, createConnection: () => socket });
}

/**
 * Upgrades a connected socket; a failure or the signal destroys it. What is returned is paused.
 * @throws {ProtocolError} UNREACHABLE
 */
export function upgradeSocket(socket: Socket, address: string, signal: AbortSignal): Promise<EndingWebSocket> {
  const webSocket = request(socket, address);
  return new Promise((resolve, reject) => {
    const abort = (): void => webSocket.terminate();
    const fail = (error: Error): void => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      reject(unreachable(address, signal.aborted ? new Error("the dial was given up") : error));
    };
    webSocket.on("error", fail);
    socket.once("close", () => fail(new Error("the other side closed")));
    webSocket.once("open", () => {
      signal.removeEventListener("abort", abort);
      webSocket.pause();
      resolve(webSocket);
    });
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  });
}
