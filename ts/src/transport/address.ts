// Addresses as transports use them: of one scheme, with a host and port to reach. Their form is section 1.7, in identity.

import { misuse } from "../errors/index.js";
import {
  formatAddress,
  formatIp,
  parseAddress,
  parseIp,
  unmapIp,
  type Address,
  type Scheme,
} from "../identity/index.js";

/** The scheme in front of `://`, or an empty text. */
export function schemeOf(address: string): string {
  return /^([a-z]+):\/\//.exec(address)?.[1] ?? "";
}

/**
 * Parses an address of one scheme.
 * @throws {ProtocolError} BAD_TEXT, BAD_KEY; MISUSE for another scheme
 */
export function parseAddressOf(scheme: Scheme, address: string, options?: { readonly listening?: boolean }): Address {
  const parsed = parseAddress(address, options);
  if (parsed.scheme !== scheme) throw misuse(`"${address}" is no address of ${scheme}:, but of ${parsed.scheme}:`);
  return parsed;
}

/** An end of a socket that is connected: closed ones have lost theirs, and are nobody's connection any more. */
interface RemoteEnd {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** Address of the other side of a connected socket: always of an IP address, an IPv4-mapped one written as IPv4. */
export function remoteAddressOf(scheme: Scheme, { remoteAddress = "", remotePort = 0 }: RemoteEnd): string {
  const ip = parseIp(remoteAddress.replace(/%.*$/, "")) ?? Uint8Array.of(0, 0, 0, 0);
  return formatAddress({ scheme, host: formatIp(unmapIp(ip)), port: remotePort });
}
