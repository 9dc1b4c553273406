// Addresses (1.7) and which told ones may be dialled (1.8). What an IPv4 or IPv6 address is, how RFC 5952 writes it and what
// lies in a range is asked of the platform (`node:net`, `URL`); the rest is held against the grammar of the section.
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { parseNodeId } from "./bech32m.js";
import { equalBytes, type Bytes } from "./bytes.js";
import { GoldenError } from "./errors.js";

export interface Address {
  readonly scheme: string;
  /** Node id, empty without pin. */
  readonly pin: Bytes;
  /** Without brackets; the name of `memory:`. */
  readonly host: string;
  /** 0 for `memory:`. */
  readonly port: number;
}

const ADDRESS_BYTES = 256;

function refuse(rule: string, detail: string): never {
  throw new GoldenError("BAD_TEXT", rule, detail);
}

/** r[address.port], and for a node that listens without its 0. */
function readPort(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) refuse("address.port", `port ${JSON.stringify(text)}`);
  const port = Number(text);
  return port > 65_535 ? refuse("address.port", `port ${port}`) : port;
}

/** A host in brackets: r[address.ipv6], r[address.mapped]. */
function checkIpv6(host: string): void {
  if (!isIPv6(host) || host.includes("%")) refuse("address.ipv6", `no IPv6 address: ${host}`);
  const written = new URL(`http://[${host}]/`).hostname.slice(1, -1);
  if (/^::ffff:[\da-f]+:[\da-f]+$/.test(written)) refuse("address.mapped", `an IPv4-mapped address: ${host}`);
  if (written !== host) refuse("address.ipv6", `${host} is written ${written}`);
}

/** r[address.ipv4], r[address.name] */
function checkPlainHost(host: string): void {
  const last = host.slice(host.lastIndexOf(".") + 1);
  if (/^(?:\d+|0x[\da-f]*)$/i.test(last)) {
    if (!isIPv4(host)) refuse("address.ipv4", `the last label of ${host} is a number`);
    return;
  }
  const named = /^(?!-)[a-z\d-]{1,63}(?<!-)(?:\.(?!-)[a-z\d-]{1,63}(?<!-))*$/.test(host);
  if (!named || host.length > 253) refuse("address.name", `no host: ${JSON.stringify(host.slice(0, 300))}`);
}

/** Host and port of a place, whose path is gone. */
function readPlace(place: string): { host: string; port: number } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(place);
  if (bracketed !== null) {
    const [, host = "", port = ""] = bracketed;
    checkIpv6(host);
    return { host, port: readPort(port) };
  }
  if (place.startsWith("[")) refuse("address.ipv6", "something stands between the bracket and the port");
  const split = place.indexOf(":");
  const host = split < 0 ? place : place.slice(0, split);
  checkPlainHost(host);
  return { host, port: readPort(split < 0 ? "" : place.slice(split + 1)) };
}

/** Takes off the path that `ws` and `wss` have, and refuses any other: r[address.path]. */
function withoutPath(scheme: string, place: string): string {
  const slash = place.search(/[/?#\\]/);
  const path = slash < 0 ? "" : place.slice(slash);
  if (path !== (scheme.startsWith("ws") ? "/motet" : "")) refuse("address.path", `${scheme} with the path "${path}"`);
  return place.slice(0, place.length - path.length);
}

function readUnpinned(scheme: string, place: string): { host: string; port: number } {
  if (scheme !== "memory") return readPlace(withoutPath(scheme, place));
  if (!/^[a-z\d-]{1,64}$/.test(place)) refuse("address.memory", `no name of memory: ${JSON.stringify(place)}`);
  return { host: place, port: 0 };
}

/** Takes a text apart, or BAD_TEXT, or BAD_KEY where nothing but the key of the pin is wrong. */
export function parseAddress(text: string): Address {
  const [, scheme = "", rest = ""] = /^([^:/]*):\/\/(.*)$/s.exec(text) ?? [];
  if (!["tcp", "tls", "ws", "wss", "memory"].includes(scheme)) {
    refuse("address.scheme", `no scheme of this version: ${JSON.stringify(text.slice(0, 300))}`);
  }
  const at = rest.lastIndexOf("@");
  const place = readUnpinned(scheme, rest.slice(at + 1));
  if (text.length > ADDRESS_BYTES) refuse("address.length", `${text.length} bytes`);
  return { scheme, pin: at < 0 ? new Uint8Array() : parseNodeId(rest.slice(0, at)), ...place };
}

/** The text of an address, whatever its parts. `pin` is text, so that it can be wrong. */
export function layAddress({ scheme, pin, host, port }: Omit<Address, "pin"> & { readonly pin: string }): string {
  const place = scheme === "memory" ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return `${scheme}://${pin === "" ? "" : `${pin}@`}${place}${scheme.startsWith("ws") ? "/motet" : ""}`;
}

type Subnet = readonly [net: string, prefix: number];

function blockList(...subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, isIPv4(net) ? "ipv4" : "ipv6");
  return list;
}

const family = (host: string): "ipv4" | "ipv6" => (isIPv4(host) ? "ipv4" : "ipv6");
const holds = (list: BlockList, host: string): boolean => list.check(host, family(host));

const RANGES: readonly BlockList[] = [
  blockList(["127.0.0.0", 8], ["::1", 128]),
  blockList(["10.0.0.0", 8]),
  blockList(["172.16.0.0", 12]),
  blockList(["192.168.0.0", 16]),
  blockList(["100.64.0.0", 10]),
  blockList(["169.254.0.0", 16]),
  blockList(["fe80::", 10]),
  blockList(["fc00::", 7]),
];

const SPECIAL = blockList(
  ["0.0.0.0", 8],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
);
const GLOBAL_IPV6 = blockList(["2000::", 3]);

function isPublicUnicast(host: string): boolean {
  if (RANGES.some((range) => holds(range, host)) || holds(SPECIAL, host)) return false;
  return isIPv4(host) || holds(GLOBAL_IPV6, host);
}

export const BLOCKED_PORTS: readonly number[] = (
  "1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 139 143 " +
  "161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 " +
  "4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080"
)
  .split(" ")
  .map(Number);

const isIp = (host: string): boolean => isIPv4(host) || isIPv6(host);

/** r[dial.told.range] for two IP addresses or names of `memory:`. */
function isWithinReach(told: Address, teller: Address): boolean {
  if (told.scheme === "memory" || teller.scheme === "memory") return told.scheme === teller.scheme;
  if (isPublicUnicast(told.host)) return true;
  return isIp(teller.host) && RANGES.some((range) => holds(range, told.host) && holds(range, teller.host));
}

/** Whether a told address of the node `nodeId` may be dialled when the peer at `toldBy` told it. */
export function mayDialTold(text: string, nodeId: Bytes, toldBy: string): boolean {
  let told: Address;
  try {
    told = parseAddress(text);
  } catch (error) {
    if (error instanceof GoldenError) return false;
    throw error;
  }
  if (told.pin.length > 0 && !equalBytes(told.pin, nodeId)) return false;
  if (told.scheme !== "memory" && (!isIp(told.host) || BLOCKED_PORTS.includes(told.port))) return false;
  return isWithinReach(told, parseAddress(toldBy));
}
