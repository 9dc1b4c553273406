// Where an address is, for the rules that count by address or prefix: section 1.8. What is exempt from them has no place.

import { ProtocolError } from "../errors/index.js";
import { formatIp, isLocal, parseAddress, parseIp, prefixOf, type Address } from "../identity/index.js";

export interface CountedPlace {
  /** IPv4 address, or the first 64 bits of an IPv6 address: what one household has. */
  readonly ip: string;
  readonly port: number;
  /** First 24 bits of an IPv4 address, 48 of an IPv6 address, as text. */
  readonly prefix: string;
}

function read(text: string): Address | undefined {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Place of an address; `undefined` for loopback and private ranges, for names, and for a text that is no address. */
export function countedPlaceOf(address: string): CountedPlace | undefined {
  const parts = read(address);
  const ip = parts === undefined || parts.scheme === "memory" ? undefined : parseIp(parts.host);
  if (parts === undefined || ip === undefined || isLocal(ip)) return undefined;
  const own = ip.length === 4 ? ip : Uint8Array.from(ip, (byte, at) => (at < 8 ? byte : 0));
  return { ip: formatIp(own), port: parts.port, prefix: prefixOf(ip) };
}
