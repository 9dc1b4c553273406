// Where an address is, for the rules that count by address or prefix: section 1.8. What is exempt from them has no place.

import { ProtocolError } from "../errors/index.js";
import { formatIp, isLocal, parseAddress, parseIp, prefixOf, type Address } from "../identity/index.js";

export interface CountedPlace {
  /** IP address in its one text. */
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
  return { ip: formatIp(ip), port: parts.port, prefix: prefixOf(ip) };
}
