// Addresses as transports use them: a scheme, and a host and port to reach. The form of the text is section 1.7.

import { isIPv4, isIPv6 } from "node:net";
import { misuse } from "../errors/index.js";

export interface HostAddress {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

const largestPort = 65_535;

/** The scheme in front of `://`, or an empty text. */
export function schemeOf(address: string): string {
  return /^([a-z]+):\/\//.exec(address)?.[1] ?? "";
}

function hostIn(text: string): string | undefined {
  const bracketed = /^\[(.*)\]$/.exec(text)?.[1];
  if (bracketed !== undefined) return isIPv6(bracketed) && !bracketed.includes("%") ? bracketed : undefined;
  return isIPv4(text) || /^[a-z][a-z0-9.-]*$/.test(text) ? text : undefined;
}

/**
 * Host and port of an address of a scheme. Port 0 is for listening on any port.
 * @throws {ProtocolError} MISUSE
 */
export function parseHostAddress(scheme: string, address: string): HostAddress {
  const path = scheme.startsWith("ws") ? "/motet" : "";
  const [, , hostText = "", portText = "", rest = ""] =
    /^[a-z]+:\/\/([^@/]+@)?(.+):(0|[1-9][0-9]{0,4})(\/.*)?$/.exec(address) ?? [];
  const host = hostIn(hostText);
  const port = Number(portText);
  if (schemeOf(address) !== scheme || host === undefined || port > largestPort || rest !== path) {
    throw misuse(
      `"${address}" is no address; write ${scheme}://127.0.0.1:4000${path} or ${scheme}://[::1]:4000${path}`,
    );
  }
  return { host, port };
}

export function formatHostAddress(scheme: string, { host, port }: HostAddress): string {
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return `${scheme}://${place}${scheme.startsWith("ws") ? "/motet" : ""}`;
}

/** Address of the other side of a socket: always of an IP address, an IPv4-mapped one written as IPv4. */
export function remoteAddressOf(scheme: string, socket: RemoteEnd): string {
  const { remoteAddress = "", remotePort = 0 } = socket;
  const host = remoteAddress.replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, "");
  return formatHostAddress(scheme, { host, port: remotePort });
}

interface RemoteEnd {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}
