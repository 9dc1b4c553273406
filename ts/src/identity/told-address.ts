// Which addresses a node may dial that its peers, not its operator, told it: section 1.8. It keeps no count of failures.

import { equalBytes } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { parseAddress, type Address } from "./address.js";
import { parseIp, rangeOf, type IpRange } from "./ip.js";

/** Ports of services that a hostile record could aim a network at; browsers refuse to fetch from them. */
const blockedPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Where a host is: `memory` for the one process, `name` where only a resolver knows. */
type Place = IpRange | "memory" | "name";

function placeOf({ scheme, host }: Address): Place {
  if (scheme === "memory") return "memory";
  const ip = parseIp(host);
  return ip === undefined ? "name" : rangeOf(ip);
}

function read(text: string): Address | undefined {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Whether who is at `teller` may send somebody to `told`; names are left to their own rule. */
function isReachableFrom(told: Place, teller: Place): boolean {
  if (told === "memory" || teller === "memory") return told === teller;
  if (told === "public" || told === "name") return true;
  return told !== "special" && told === teller;
}

/**
 * Whether a node may dial an address that it was told: section 1.8.
 * @param text - as it stands in the record
 * @param nodeId - of the record, 32 bytes
 * @param toldBy - address of the peer that told it, as the connection shows it; a text that is none is nowhere
 */
export function mayDialTold(text: string, nodeId: Uint8Array, toldBy: string): boolean {
  const told = read(text);
  // r[dial.told.canonical]
  if (told === undefined || (told.pin !== undefined && !equalBytes(told.pin, nodeId))) return false;
  const place = placeOf(told);
  // r[dial.told.host]
  if (place === "name") return false;
  const teller = read(toldBy);
  // r[dial.told.range]
  if (!isReachableFrom(place, teller === undefined ? "special" : placeOf(teller))) return false;
  // r[dial.told.port]
  if (blockedPorts.has(told.port)) return false;
  return true;
}
