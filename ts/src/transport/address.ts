// Addresses of this version: section 1.7.

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
  return isIPv4(text) ? text : undefined;
}

/**
 * Parses `tcp://host:port`. Port 0 is for listening on any port.
 * @throws {ProtocolError} MISUSE
 */
export function parseHostAddress(scheme: string, address: string): HostAddress {
  const [, hostText = "", portText = ""] = /^[a-z]+:\/\/(.+):(0|[1-9][0-9]{0,4})$/.exec(address) ?? [];
  const host = hostIn(hostText);
  const port = Number(portText);
  if (schemeOf(address) !== scheme || host === undefined || port > largestPort) {
    throw misuse(`"${address}" is no address; write ${scheme}://127.0.0.1:4000 or ${scheme}://[::1]:4000`);
  }
  return { host, port };
}

export function formatHostAddress(scheme: string, { host, port }: HostAddress): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
