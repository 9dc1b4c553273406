// IPv4 and IPv6 addresses as bytes and as text (RFC 4291, RFC 5952), and what kind of network they belong to: section 1.8.
// It reads numbers only; names are nobody's business here.

/** Ranges that are reached only from inside, public unicast, and the special rest that nobody dials. */
export type IpRange =
  | "public"
  | "loopback"
  | "private-10"
  | "private-172"
  | "private-192"
  | "shared"
  | "link-local-4"
  | "link-local-6"
  | "unique-local"
  | "special";

const ipv4Bytes = 4;
const ipv6Bytes = 16;
const ipv6Groups = 8;

/** Parses four decimal numbers without leading zeros into 4 new bytes. */
export function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== ipv4Bytes || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part))) return undefined;
  const numbers = parts.map(Number);
  return numbers.every((number) => number <= 255) ? Uint8Array.from(numbers) : undefined;
}

/** 16-bit groups of one side of `::`, a dotted end as two of them. */
function parseGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [at, part] of parts.entries()) {
    const dotted = at === parts.length - 1 && part.includes(".") ? parseIpv4(part) : undefined;
    if (dotted !== undefined) groups.push((dotted[0] as number) * 256 + (dotted[1] as number));
    if (dotted !== undefined) groups.push((dotted[2] as number) * 256 + (dotted[3] as number));
    else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** Parses any text of an IPv6 address, without brackets and without zone, into 16 new bytes. */
function parseIpv6(text: string): Uint8Array | undefined {
  const sides = text.split("::");
  const head = parseGroups(sides[0] as string);
  const tail = parseGroups(sides[1] ?? "");
  if (head === undefined || tail === undefined || sides.length > 2) return undefined;
  // A dotted end ends the whole address: nothing may follow it.
  if (sides.length === 2 && (sides[0] as string).includes(".")) return undefined;
  const missing = ipv6Groups - head.length - tail.length;
  if (sides.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** Parses an IPv4 address into 4 new bytes or an IPv6 address, in any of its forms, into 16. */
export function parseIp(text: string): Uint8Array | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** Start and length of the longest run of two or more zero groups, the first of several. */
function longestZeros(groups: readonly number[]): { at: number; length: number } {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
    at += length;
  }
  return best;
}

/** Formats 4 or 16 bytes, the latter as RFC 5952 section 4 with hexadecimal groups throughout. */
export function formatIp(ip: Uint8Array): string {
  if (ip.length === ipv4Bytes) return ip.join(".");
  const groups: number[] = [];
  for (let i = 0; i < ipv6Bytes; i += 2) groups.push(((ip[i] as number) << 8) | (ip[i + 1] as number));
  const hex = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(":");
  const { at, length } = longestZeros(groups);
  return at === -1 ? hex(groups) : `${hex(groups.slice(0, at))}::${hex(groups.slice(at + length))}`;
}

/** Whether 16 bytes are an IPv4 address in `::ffff:0:0/96`. */
export function isMappedIpv4(ip: Uint8Array): boolean {
  return ip.length === ipv6Bytes && isWithin(ip, mapped);
}

/** The IPv4 address inside a mapped one; any other as it is. Sockets of both families show IPv4 peers as mapped. */
export function unmapIp(ip: Uint8Array): Uint8Array {
  return isMappedIpv4(ip) ? ip.slice(ipv6Bytes - ipv4Bytes) : ip;
}

interface Subnet {
  readonly ip: Uint8Array;
  readonly bits: number;
}

function subnet(text: string): Subnet {
  const [ip = "", bits] = text.split("/");
  return { ip: parseIp(ip) as Uint8Array, bits: Number(bits) };
}

function isWithin(ip: Uint8Array, { ip: base, bits }: Subnet): boolean {
  if (ip.length !== base.length) return false;
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (ip[i] !== base[i]) return false;
  const rest = bits & 7;
  return rest === 0 || ((ip[whole] as number) ^ (base[whole] as number)) >> (8 - rest) === 0;
}

const mapped = subnet("::ffff:0:0/96");

const ranges: readonly (readonly [IpRange, Subnet])[] = (
  [
    ["loopback", "127.0.0.0/8"],
    ["loopback", "::1/128"],
    ["private-10", "10.0.0.0/8"],
    ["private-172", "172.16.0.0/12"],
    ["private-192", "192.168.0.0/16"],
    ["shared", "100.64.0.0/10"],
    ["link-local-4", "169.254.0.0/16"],
    ["link-local-6", "fe80::/10"],
    ["unique-local", "fc00::/7"],
    ["special", "0.0.0.0/8"],
    ["special", "192.0.0.0/24"],
    ["special", "192.0.2.0/24"],
    ["special", "192.88.99.0/24"],
    ["special", "198.18.0.0/15"],
    ["special", "198.51.100.0/24"],
    ["special", "203.0.113.0/24"],
    ["special", "224.0.0.0/3"],
    ["special", "2001::/23"],
    ["special", "2001:db8::/32"],
    ["special", "2002::/16"],
    ["special", "3fff::/20"],
    ["public", "2000::/3"],
    ["special", "::/0"],
    ["public", "0.0.0.0/0"],
  ] as const
).map(([range, text]) => [range, subnet(text)]);

/** Range of 4 or 16 bytes: the first row that holds them. */
export function rangeOf(ip: Uint8Array): IpRange {
  return ranges.find(([, within]) => isWithin(ip, within))?.[0] ?? "special";
}

/** Whether an address is loopback or private: exempt from every rule that counts by address or prefix. */
export function isLocal(ip: Uint8Array): boolean {
  const range = rangeOf(ip);
  return range !== "public" && range !== "special";
}

/** Text of the prefix that an address counts for: 24 bits of IPv4, 48 of IPv6. */
export function prefixOf(ip: Uint8Array): string {
  const kept = ip.length === ipv4Bytes ? 3 : 6;
  const network = ip.slice();
  network.fill(0, kept);
  return `${formatIp(network)}/${kept * 8}`;
}
