// The responder's half of a WebSocket handshake: which requests are upgraded, and what the others are answered. It reads
// headers and writes texts. What it refuses keeps foreign web pages and other protocols away from a node (6.2).

import { STATUS_CODES, type IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { parseAddress } from "../identity/index.js";
import { path, subprotocol } from "./ending-web-socket.js";
import type { Settings } from "./settings.js";

/** Port of a Host header that names none: that of the web address of a `wss` address. */
const defaultPort = 443;

/** The one version of RFC 6455. */
const webSocketVersion = "13";

/** An upgrade that may go on, and the address of r[binding.authority.responder]. */
export interface Upgrade {
  readonly authority?: string;
}

/** Host, without brackets, and port. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/** The `wss` address of a host and port, as a Host header names them. */
const secureAddressOf = ({ host, port }: Place): string =>
  `wss://${host.includes(":") ? `[${host}]` : host}:${port}${path}`;

/** The members of a header that is a list. */
const listOf = (header = ""): string[] => header.split(",").map((member) => member.trim());

/** Host and port of a Host header; without brackets, in lower case. */
function parseHostHeader(header: string): Place | undefined {
  const [, text = "", port = String(defaultPort)] =
    /^(\[[^\]@]+\]|[^:@[\]]+)(?::(0|[1-9][0-9]{0,4}))?$/.exec(header) ?? [];
  if (text === "") return undefined;
  return { host: text.replace(/^\[|\]$/g, "").toLowerCase(), port: Number(port) };
}

/** Judges upgrade requests that come to one listener. */
export class UpgradeJudge {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;
  /** The configured `wss` addresses, without pin. */
  readonly #authorities: ReadonlySet<string>;

  /** @param listening the address of the listener */
  constructor({ origins, configured }: Pick<Settings, "origins" | "configured">, listening: string) {
    const own = configured.map((address) => parseAddress(address)).filter(({ scheme }) => scheme !== "memory");
    const heard = parseAddress(listening, { listening: true });
    this.#origins = new Set(origins);
    this.#hosts = new Set(["localhost", ...[...own, heard].map(({ host }) => host)]);
    this.#authorities = new Set(own.filter(({ scheme }) => scheme === "wss").map(secureAddressOf));
  }

  /** What becomes of an upgrade request: an upgrade, or the status of an HTTP error. */
  judge(request: IncomingMessage): Upgrade | number {
    const { headers } = request;
    if (request.url !== path) return 404;
    if (headers.upgrade?.toLowerCase() !== "websocket" || headers["sec-websocket-version"] !== webSocketVersion)
      return 426;
    if (request.method !== "GET") return 400;
    // r[ws.subprotocol.responder]
    if (!listOf(headers["sec-websocket-protocol"]).includes(subprotocol)) return 400;
    // r[ws.origin]
    if (headers.origin !== undefined && !this.#origins.has(headers.origin)) return 403;
    const host = this.#hostOf(request);
    // A header that cannot be read, or comes twice, names nothing.
    if (host === undefined) return 403;
    // r[ws.host]
    if (isIP(host.host) === 0 && !this.#hosts.has(host.host)) return 403;
    const authority = secureAddressOf(host);
    // r[binding.authority.responder] mutate: `this.#authorities.has(authority)` => `true`
    return this.#authorities.has(authority) ? { authority } : {};
  }

  #hostOf({ headersDistinct }: IncomingMessage): Place | undefined {
    const [header, ...others] = headersDistinct["host"] ?? [];
    return header === undefined || others.length > 0 ? undefined : parseHostHeader(header);
  }
}

/** The answer that refuses a request and closes. */
export function refusal(status: number): string {
  // RFC 6455, 4.2.2 and RFC 9110, 15.5.22: what would have been taken.
  const taken = ["Upgrade: websocket", `Sec-WebSocket-Version: ${webSocketVersion}`];
  const headers = ["Connection: close", "Content-Length: 0", ...(status === 426 ? taken : [])];
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers, "", ""].join("\r\n");
}
