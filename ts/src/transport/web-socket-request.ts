// The initiator's half of a WebSocket handshake, over a socket that is connected.

import { randomBytes } from "node:crypto";
import { request, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { parseAddress } from "../identity/index.js";
import { unreachable } from "./unreachable.js";
import {
  acceptOf,
  formatPlace,
  listOf,
  maxHeaderSize,
  path,
  subprotocol,
  webSocketVersion,
} from "./web-socket-handshake.js";

/** What is wrong with an answer that switches protocols; undefined for nothing. */
function faultOf({ headers }: IncomingMessage, key: string): string | undefined {
  if (headers.upgrade?.toLowerCase() !== "websocket" || headers["sec-websocket-accept"] !== acceptOf(key))
    return "the answer is none to a WebSocket upgrade";
  // r[ws.subprotocol.initiator]
  if (headers["sec-websocket-protocol"] !== subprotocol)
    return `the other side did not select the subprotocol "${subprotocol}"`;
  // r[ws.extensions] also
  if (listOf(headers["sec-websocket-extensions"]).length > 0) return "the other side selected a WebSocket extension";
  return undefined;
}

function headersFor(address: string, key: string): Record<string, string> {
  return {
    Host: formatPlace(parseAddress(address)),
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": webSocketVersion,
    "Sec-WebSocket-Key": key,
    // r[ws.subprotocol] mutate: `subprotocol` => `"chat"`
    "Sec-WebSocket-Protocol": subprotocol,
  };
}

/**
 * Upgrades a connected socket; a failure or the signal destroys it.
 * @throws {ProtocolError} UNREACHABLE
 */
export function upgradeSocket(socket: Socket, address: string, signal: AbortSignal): Promise<void> {
  const key = randomBytes(16).toString("base64");
  return new Promise((resolve, reject) => {
    const abort = (): void => fail("the dial was given up");
    const fail = (what: string): void => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      reject(unreachable(address, new Error(what)));
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.once("close", () => fail("the other side closed"));
    const headers = headersFor(address, key);
    const upgrade = request({ createConnection: () => socket, path, headers, maxHeaderSize, setHost: false });
    upgrade.on("error", (error) => fail(error.message));
    upgrade.on("response", (response) => fail(`the other side answered with HTTP status ${response.statusCode}`));
    upgrade.on("upgrade", (response, _socket, head) => {
      const fault = faultOf(response, key);
      if (fault !== undefined) return fail(fault);
      signal.removeEventListener("abort", abort);
      if (head.length > 0) socket.unshift(head);
      return resolve();
    });
    upgrade.end();
    if (signal.aborted) abort();
  });
}
