// Vectors of addresses that a peer told (1.8): may they be dialled? Every edge of every range, every blocked port and its neighbours.
import { BLOCKED_PORTS, formatNodeId, toHex } from "../golden/index.js";
import type { VectorFile } from "./types.js";
import { VectorSet } from "./vector-set.js";
import { alice, badKeys, bob } from "./world.js";

const PUBLIC = "tcp://8.8.8.8:4000";
const pin = toHex(alice.id);
const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);
const tcp = (host: string, port = 4000): string => `tcp://${bracketed(host)}:${port}`;

class ToldSet {
  readonly #set = new VectorSet("address", "told", "Told addresses: which may be dialled");
  readonly #rule: string;

  constructor(rule: string, set?: ToldSet) {
    this.#rule = rule;
    if (set !== undefined) this.#set = set.#set;
  }

  get file(): VectorFile {
    return this.#set.file;
  }

  add(name: string, dial: boolean, address: string, toldBy: string, comment: string): void {
    const about = { rules: [this.#rule], comment, ...(dial ? {} : { control: "told-public" }) };
    this.#set.accept(`told-${name}`, "codec.derive", { type: "tellable", address, pin, toldBy }, about, { dial });
  }
}

function canonical(set: ToldSet): void {
  const rule = new ToldSet("dial.told.canonical", set);
  const no = (name: string, address: string, comment: string): void => rule.add(name, false, address, PUBLIC, comment);
  rule.add("pinned", true, `tcp://${formatNodeId(alice.id)}@8.8.4.4:4000`, PUBLIC, "a pin that is the node of the record");
  rule.add("wss", true, "wss://8.8.4.4:4000/motet", PUBLIC, "another scheme, with its path");
  no("other-pin", `tcp://${formatNodeId(bob.id)}@8.8.4.4:4000`, "a pin that is another node");
  no("bad-pin", `tcp://${formatNodeId(badKeys()[0]?.bytes ?? bob.id)}@8.8.4.4:4000`, "a pin that is no node id");
  no("no-scheme", "8.8.4.4:4000", "no scheme");
  no("other-scheme", "http://8.8.4.4:4000", "a foreign scheme");
  no("reserved-scheme", "quic://8.8.4.4:4000", "a reserved scheme");
  no("port-0", "tcp://8.8.4.4:0", "port 0");
  no("port-zero-first", "tcp://8.8.4.4:04000", "a port with a leading zero");
  no("path", "wss://8.8.4.4:4000/other", "another path");
  no("query", "wss://8.8.4.4:4000/motet?a", "a query");
  no("ipv4-short", "tcp://8.8.1028:4000", "an IPv4 address of three numbers");
  no("ipv4-number", "tcp://134744072:4000", "an IPv4 address as one number");
  no("ipv6-form", "tcp://[2a00:0::1]:4000", "an IPv6 address in another form than its own");
  no("mapped", "tcp://[::ffff:808:404]:4000", "an IPv4-mapped address");
  no("mapped-loopback", "tcp://[::ffff:7f00:1]:4000", "loopback as mapped address");
  no("empty", "", "no text");
}

function hosts(set: ToldSet): void {
  const rule = new ToldSet("dial.told.host", set);
  rule.add("name", false, "tcp://node.example:4000", PUBLIC, "a name");
  rule.add("name-tls", false, "tls://node.example:4000", PUBLIC, "a name over TLS");
  rule.add("localhost", false, "tcp://localhost:4000", "tcp://127.0.0.1:4000", "a name, told from loopback");
  rule.add("same-name", false, "tcp://node.example:4000", "tcp://node.example:4000", "the name that the peer itself has");
  rule.add("public", true, "tcp://8.8.4.4:4000", PUBLIC, "public unicast");
  rule.add("public-6", true, "tcp://[2a00::1]:4000", PUBLIC, "public unicast of IPv6");
}

/** First and last address of each range of the table, and some of the same range to tell them. */
const local: readonly (readonly [name: string, first: string, last: string, teller: string])[] = [
  ["loopback", "127.0.0.0", "127.255.255.255", "127.0.0.1"],
  ["private-10", "10.0.0.0", "10.255.255.255", "10.1.2.3"],
  ["private-172", "172.16.0.0", "172.31.255.255", "172.20.0.1"],
  ["private-192", "192.168.0.0", "192.168.255.255", "192.168.1.1"],
  ["shared", "100.64.0.0", "100.127.255.255", "100.100.0.1"],
  ["link-local", "169.254.0.0", "169.254.255.255", "169.254.1.1"],
  ["link-local-6", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::1"],
  ["unique-local", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fd00::1"],
];

/** What is neither public unicast nor in a range: its first and last address. */
const special: readonly (readonly [name: string, first: string, last: string])[] = [
  ["zero", "0.0.0.0", "0.255.255.255"],
  ["protocol", "192.0.0.0", "192.0.0.255"],
  ["documentation-1", "192.0.2.0", "192.0.2.255"],
  ["relay-6to4", "192.88.99.0", "192.88.99.255"],
  ["benchmark", "198.18.0.0", "198.19.255.255"],
  ["documentation-2", "198.51.100.0", "198.51.100.255"],
  ["documentation-3", "203.0.113.0", "203.0.113.255"],
  ["multicast", "224.0.0.0", "255.255.255.255"],
  ["ipv6-below", "::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["ipv6-above", "4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["site-local", "fec0::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["ipv6-protocol", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["ipv6-documentation", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["ipv6-6to4", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["ipv6-documentation-2", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"],
];

/** Neighbours of the ranges that are public unicast again. */
const open: readonly string[] = (
  "1.0.0.0 9.255.255.255 11.0.0.0 126.255.255.255 128.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 " +
  "100.63.255.255 100.128.0.0 169.253.255.255 169.255.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0 " +
  "198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255 " +
  "2000:: 2001:200:: 2001:db7:ffff:: 2001:db9:: 2003:: 3ffe:ffff:: 3fff:1000:: 3fff:ffff:ffff::"
).split(" ");

function ranges(set: ToldSet): void {
  const rule = new ToldSet("dial.told.range", set);
  for (const [name, first, last, teller] of local) {
    for (const [edge, host] of Object.entries({ first, last })) {
      rule.add(`${name}-${edge}-inside`, true, tcp(host), tcp(teller), `the ${edge} of a range, told from within it`);
      rule.add(`${name}-${edge}-outside`, false, tcp(host), PUBLIC, `the ${edge} of a range, told from outside`);
      rule.add(`${name}-by-${edge}`, true, tcp(teller), tcp(host), `told by the ${edge} of the range`);
    }
  }
  for (const [name, , , from] of local) {
    for (const [other, host] of local) {
      if (name !== other) rule.add(`${other}-by-${name}`, false, tcp(host), tcp(from), "told from another range");
    }
  }
  rule.add("loopback-6", true, "tcp://[::1]:4000", "tcp://127.0.0.1:4000", "both families are one range of loopback");
  rule.add("loopback-4", true, "tcp://127.0.0.1:4000", "tcp://[::1]:4000", "and the other way about");
  rule.add("loopback-6-outside", false, "tcp://[::1]:4000", PUBLIC, "loopback told from outside");
  rule.add("loopback-by-name", false, "tcp://127.0.0.1:4000", "tcp://localhost:4000", "told by a peer that has but a name");
  for (const [name, first, last] of special) {
    rule.add(`${name}-first`, false, tcp(first), PUBLIC, "the first of what nobody dials");
    rule.add(`${name}-last`, false, tcp(last), PUBLIC, "the last of what nobody dials");
    rule.add(`${name}-inside`, false, tcp(first), tcp(last), "the first of what nobody dials, told by the last");
  }
  for (const host of open) rule.add(`open-${host.replaceAll(":", "-")}`, true, tcp(host), PUBLIC, "public unicast beside a range");
  rule.add("public-by-private", true, tcp("8.8.4.4"), tcp("10.0.0.1"), "public unicast, told from a private range");
  rule.add("public-by-loopback", true, tcp("2a00::1"), tcp("127.0.0.1"), "public unicast, told from loopback");
  rule.add("memory-by-memory", true, "memory://a", "memory://b", "memory: told by memory:");
  rule.add("memory-by-public", false, "memory://a", PUBLIC, "memory: told over a wire");
  rule.add("memory-by-loopback", false, "memory://a", "tcp://127.0.0.1:4000", "memory: told over loopback");
  rule.add("public-by-memory", false, "tcp://8.8.4.4:4000", "memory://b", "public unicast told by memory:");
  rule.add("loopback-by-memory", false, "tcp://127.0.0.1:4000", "memory://b", "loopback told by memory:");
}

function ports(set: ToldSet): void {
  const rule = new ToldSet("dial.told.port", set);
  const schemes = ["tcp", "tls", "ws", "wss"];
  BLOCKED_PORTS.forEach((port, index) => {
    const scheme = schemes[index % schemes.length] ?? "";
    const path = scheme.startsWith("ws") ? "/motet" : "";
    rule.add(`port-${port}`, false, `${scheme}://8.8.4.4:${port}${path}`, PUBLIC, "a blocked port");
  });
  rule.add("port-25-inside", false, tcp("10.0.0.2", 25), tcp("10.0.0.1"), "a blocked port in a private range");
  rule.add("port-22-ipv6", false, tcp("2a00::1", 22), PUBLIC, "a blocked port of IPv6");
  for (const port of [2, 18, 26, 80, 443, 1718, 1721, 3658, 5062, 6001, 6664, 6670, 8080, 10_079, 10_081, 65_535]) {
    rule.add(`port-${port}`, true, tcp("8.8.4.4", port), PUBLIC, "a port that is not blocked");
  }
}

export function toldAddressVectors(): VectorFile[] {
  const set = new ToldSet("dial.told.canonical");
  canonical(set);
  hosts(set);
  ranges(set);
  ports(set);
  return [set.file];
}
