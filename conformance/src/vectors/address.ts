// Vectors of addresses (1.7): every part in its forms and in the forms it must not have, and the parts written as text.
import { encodeText, formatNodeId, parseAddress, toHex } from "../golden/index.js";
import type { VectorFile } from "./types.js";
import { VectorSet } from "./vector-set.js";
import { alice, badKeys } from "./world.js";

const PIN = formatNodeId(alice.id);
const input = (text: string): { type: string; text: string } => ({ type: "address", text });
const label = (size: number): string => "a".repeat(size);
/** A name of this many bytes, in labels of 63 and less. */
const nameOf = (size: number): string => Array.from({ length: Math.ceil(size / 64) }, (_, at) => label(Math.min(63, size - at * 64))).join(".");

type Row = readonly [name: string, text: string, comment: string];

const good: Readonly<Record<string, readonly Row[]>> = {
  "address.scheme": [
    ["tcp", "tcp://192.0.2.1:4000", "plain TCP"],
    ["tls", "tls://192.0.2.1:4000", "TLS"],
    ["ws", "ws://192.0.2.1:4000/motet", "WebSocket"],
    ["wss", "wss://192.0.2.1:4000/motet", "WebSocket over TLS"],
    ["memory", "memory://a", "within one process"],
  ],
  "address.port": [
    ["port-1", "tcp://192.0.2.1:1", "the lowest port"],
    ["port-65535", "tcp://192.0.2.1:65535", "the highest port"],
    ["port-80", "ws://node.example:80/motet", "the usual port of a scheme is written like any other"],
  ],
  "address.ipv4": [
    ["ipv4-zero", "tcp://0.0.0.0:4000", "the lowest IPv4 address"],
    ["ipv4-highest", "tcp://255.255.255.255:4000", "the highest IPv4 address"],
    ["name-number-first", "tcp://0.0.0.0a:4000", "the last label only begins with a number"],
    ["name-number-inside", "tcp://1.2.3.4.example:4000", "numbers everywhere but in the last label"],
    ["name-hex-like", "tcp://0xfg:4000", "the last label only looks like a hexadecimal number"],
    ["name-0x-inside", "tcp://0x7f.example:4000", "a hexadecimal number that is not the last label"],
    ["name-a0x", "tcp://a0x1:4000", "a hexadecimal number behind a letter"],
  ],
  "address.ipv6": [
    ["ipv6", "tcp://[2001:db8::1]:4000", "an IPv6 address"],
    ["ipv6-unspecified", "tcp://[::]:4000", "zeros alone"],
    ["ipv6-loopback", "tcp://[::1]:4000", "zeros before"],
    ["ipv6-zeros-behind", "tcp://[2001:db8::]:4000", "zeros behind"],
    ["ipv6-whole", "tcp://[1:2:3:4:5:6:7:8]:4000", "no zero group"],
    ["ipv6-one-zero", "tcp://[1:0:3:4:5:6:7:8]:4000", "one zero group is written as 0"],
    ["ipv6-one-zero-first", "tcp://[0:2:3:4:5:6:7:8]:4000", "one zero group at the start"],
    ["ipv6-one-zero-last", "tcp://[1:2:3:4:5:6:7:0]:4000", "one zero group at the end"],
    ["ipv6-first-of-two", "tcp://[1::4:0:0:7:8]:4000", "of two runs of zeros the first"],
    ["ipv6-longest", "tcp://[1:0:0:4::8]:4000", "of two runs of zeros the longer"],
    ["ipv6-highest", "tcp://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:4000", "the highest IPv6 address"],
  ],
  "address.mapped": [
    ["ipv6-not-mapped-below", "tcp://[::fffe:c000:201]:4000", "one below the mapped addresses"],
    ["ipv6-not-mapped-high", "tcp://[::1:ffff:c000:201]:4000", "ffff before, and more before that"],
    ["ipv6-compatible", "tcp://[::c000:201]:4000", "an IPv4-compatible address, which is not a mapped one"],
  ],
  "address.name": [
    ["name", "tcp://node.example:4000", "a name"],
    ["name-one-label", "tcp://localhost:4000", "a name of one label"],
    ["name-one-letter", "tcp://a:4000", "a name of one letter"],
    ["name-a-label", "tcp://xn--bcher-kva.example:4000", "an A-label"],
    ["name-hyphens", "tcp://a--b.c-d:4000", "hyphens inside of labels"],
    ["name-digit-first", "tcp://4you.example:4000", "a label that begins with a digit"],
    ["name-label-63", `tcp://${label(63)}.example:4000`, "a label of 63 characters"],
  ],
  "address.length": [
    ["name-245", `tcp://${nameOf(245)}:4000`, "the longest text: 256 bytes"],
    ["length-pin-256", `tcp://${PIN}@${nameOf(180)}:4000`, "256 bytes with a pin"],
    ["length-path-256", `wss://${nameOf(239)}:4000/motet`, "256 bytes with a path"],
  ],
  "address.path": [["path-dialled", "wss://node.example:443/motet", "the one path"]],
  "address.memory": [
    ["memory-64", `memory://${label(64)}`, "a name of 64 characters"],
    ["memory-hyphen", "memory://-", "a hyphen is a name"],
    ["memory-digits", "memory://127", "a name of digits is no number"],
  ],
  "address.pin": [
    ["pin-tcp", `tcp://${PIN}@192.0.2.1:4000`, "a pin"],
    ["pin-ipv6", `tls://${PIN}@[2001:db8::1]:4000`, "a pin before brackets"],
    ["pin-wss", `wss://${PIN}@node.example:443/motet`, "a pin before a name and a path"],
    ["pin-memory", `memory://${PIN}@a`, "a pin before a name of memory:"],
  ],
};

/** Refused texts by the rule that refuses them; behind each rule the accepted row that differs least. */
const bad: Readonly<Record<string, readonly [control: string, rows: readonly Row[]]>> = {
  "address.length": [
    "name-245",
    [
      ["name-246", `tcp://${nameOf(246)}:4000`, "a text of 257 bytes"],
      ["name-254", `tcp://${nameOf(254)}:4000`, "a text of 265 bytes, for a name of 254"],
      ["name-2000", `tcp://${nameOf(2000)}:4000`, "a text of 2,011 bytes"],
      ["length-pin", `tcp://${PIN}@${nameOf(181)}:4000`, "257 bytes with a pin"],
      ["length-path", `wss://${nameOf(240)}:4000/motet`, "257 bytes with a path"],
    ],
  ],
  "address.scheme": [
    "tcp",
    [
      ["empty", "", "no text at all"],
      ["no-scheme", "192.0.2.1:4000", "host and port alone"],
      ["scheme-empty", "://192.0.2.1:4000", "nothing before ://"],
      ["scheme-one-slash", "tcp:/192.0.2.1:4000", "one slash"],
      ["scheme-no-slash", "tcp:192.0.2.1:4000", "no slash"],
      ["scheme-upper-case", "TCP://192.0.2.1:4000", "a scheme in upper case"],
      ["scheme-mixed-case", "Tcp://192.0.2.1:4000", "one upper-case letter"],
      ["scheme-http", "http://192.0.2.1:4000", "a scheme of something else"],
      ["scheme-space", " tcp://192.0.2.1:4000", "a space before"],
      ["scheme-noise", "tcp+noise://192.0.2.1:4000", "a reserved ending"],
      ...["udp", "quic", "ssh", "relay"].map((one): Row => [`scheme-${one}`, `${one}://192.0.2.1:4000`, "a reserved scheme"]),
    ],
  ],
  "address.port": [
    "tcp",
    [
      ["port-absent", "tcp://192.0.2.1", "no port"],
      ["port-empty", "tcp://192.0.2.1:", "a colon and no port"],
      ["port-0", "tcp://192.0.2.1:0", "port 0"],
      ["port-65536", "tcp://192.0.2.1:65536", "one above the highest"],
      ["port-69536", "tcp://192.0.2.1:69536", "4000 when cut to 16 bits"],
      ["port-large", "tcp://192.0.2.1:4294971296", "4000 when cut to 32 bits"],
      ["port-leading-zero", "tcp://192.0.2.1:04000", "a leading zero"],
      ["port-zeros", "tcp://192.0.2.1:00001", "leading zeros within five digits"],
      ["port-plus", "tcp://192.0.2.1:+4000", "a sign"],
      ["port-minus", "tcp://192.0.2.1:-4000", "a sign that is minus"],
      ["port-hex", "tcp://192.0.2.1:0xfa0", "hexadecimal"],
      ["port-exponent", "tcp://192.0.2.1:4e3", "an exponent"],
      ["port-letter", "tcp://192.0.2.1:4000a", "a letter behind"],
      ["port-space", "tcp://192.0.2.1:4000 ", "a space behind"],
      ["port-newline", "tcp://192.0.2.1:4000\n", "a line end behind"],
      ["port-space-before", "tcp://192.0.2.1: 4000", "a space before"],
      ["port-twice", "tcp://192.0.2.1:4000:4000", "two ports"],
      ["port-arabic", "tcp://192.0.2.1:\u0664\u0660\u0660\u0660", "digits of another script"],
      ["port-name", "tcp://192.0.2.1:http", "the name of a service"],
      ["port-absent-ipv6", "tcp://[2001:db8::1]", "no port behind brackets"],
      ["port-absent-ws", "ws://node.example/motet", "no port before the path"],
    ],
  ],
  "address.path": [
    "path-dialled",
    [
      ["path-none", "wss://node.example:443", "no path"],
      ["path-slash", "wss://node.example:443/", "a slash alone"],
      ["path-other", "wss://node.example:443/motets", "another path"],
      ["path-upper-case", "wss://node.example:443/Motet", "an upper-case letter"],
      ["path-slash-behind", "wss://node.example:443/motet/", "a slash behind"],
      ["path-query", "wss://node.example:443/motet?a=b", "a query"],
      ["path-fragment", "wss://node.example:443/motet#a", "a fragment"],
      ["path-query-empty", "wss://node.example:443/motet?", "an empty query"],
      ["path-dots", "wss://node.example:443/../motet", "a way around"],
      ["path-encoded", "wss://node.example:443/%6dotet", "an encoded letter"],
      ["path-twice", "wss://node.example:443//motet", "two slashes"],
      ["path-tcp", "tcp://node.example:443/motet", "a path that tcp does not have"],
      ["path-tcp-slash", "tcp://node.example:443/", "a slash behind the port of tcp"],
      ["path-tls-query", "tls://node.example:443?a", "a query behind the port of tls"],
      ["path-memory", "memory://a/motet", "a path behind a name of memory:"],
    ],
  ],
  "address.ipv4": [
    "tcp",
    [
      ["ipv4-three", "tcp://192.0.2:4000", "three numbers"],
      ["ipv4-two", "tcp://127.1:4000", "two numbers, which some parsers take"],
      ["ipv4-one", "tcp://2130706433:4000", "one number, which some parsers take"],
      ["ipv4-five", "tcp://1.2.3.4.5:4000", "five numbers"],
      ["ipv4-256", "tcp://192.0.2.256:4000", "a number above 255"],
      ["ipv4-256-first", "tcp://256.0.2.1:4000", "the first number above 255"],
      ["ipv4-leading-zero", "tcp://192.0.2.01:4000", "a leading zero"],
      ["ipv4-octal", "tcp://0177.0.0.1:4000", "octal, which some parsers take"],
      ["ipv4-hex", "tcp://0x7f.0.0.1:4000", "one number hexadecimal"],
      ["ipv4-hex-last", "tcp://192.0.2.0x1:4000", "the last number hexadecimal"],
      ["ipv4-hex-one", "tcp://0x7f000001:4000", "one hexadecimal number"],
      ["ipv4-0x", "tcp://192.0.2.0x:4000", "0x and no digit"],
      ["ipv4-0x-name", "tcp://node.0x:4000", "0x and no digit behind a name"],
      ["ipv4-name-number", "tcp://node.example.5:4000", "a name whose last label is a number"],
      ["ipv4-empty-part", "tcp://192..2.1:4000", "an empty part"],
      ["ipv4-0", "tcp://0:4000", "a zero"],
      ["ipv4-bracketed", "tcp://[192.0.2.1]:4000", "an IPv4 address in brackets"],
    ],
  ],
  "address.ipv6": [
    "ipv6",
    [
      ["ipv6-upper-case", "tcp://[2001:DB8::1]:4000", "upper case"],
      ["ipv6-leading-zero", "tcp://[2001:0db8::1]:4000", "a leading zero"],
      ["ipv6-zero-written", "tcp://[2001:db8:0:0:0:0:0:1]:4000", "zeros that are written out"],
      ["ipv6-zero-beside", "tcp://[2001:db8:0::1]:4000", "a zero beside ::"],
      ["ipv6-one-shortened", "tcp://[1::3:4:5:6:7:8]:4000", ":: for a single group"],
      ["ipv6-second-of-two", "tcp://[1:0:0:4::7:8]:4000", "of two equal runs the second"],
      ["ipv6-shorter", "tcp://[1::4:0:0:0:8]:4000", "of two runs the shorter"],
      ["ipv6-zone", "tcp://[fe80::1%eth0]:4000", "a zone"],
      ["ipv6-zone-encoded", "tcp://[fe80::1%25eth0]:4000", "a zone as URLs have it"],
      ["ipv6-dotted", "tcp://[64:ff9b::192.0.2.1]:4000", "a dotted end"],
      ["ipv6-seven", "tcp://[1:2:3:4:5:6:7]:4000", "seven groups"],
      ["ipv6-nine", "tcp://[1:2:3:4:5:6:7:8:9]:4000", "nine groups"],
      ["ipv6-eight-and-more", "tcp://[1:2:3:4:5:6:7:8::]:4000", "eight groups and ::"],
      ["ipv6-two-gaps", "tcp://[1::2::3]:4000", ":: twice"],
      ["ipv6-five-digits", "tcp://[2001:db8::10000]:4000", "a group of five digits"],
      ["ipv6-letter", "tcp://[2001:db8::g]:4000", "a letter beyond f"],
      ["ipv6-empty", "tcp://[]:4000", "nothing in the brackets"],
      ["ipv6-colon", "tcp://[:]:4000", "a colon in the brackets"],
      ["ipv6-colon-first", "tcp://[:1:2:3:4:5:6:7]:4000", "an empty first group"],
      ["ipv6-colon-last", "tcp://[1:2:3:4:5:6:7:]:4000", "an empty last group"],
      ["ipv6-name", "tcp://[node.example]:4000", "a name in brackets"],
      ["ipv6-future", "tcp://[v1.a]:4000", "a form of a later version"],
      ["ipv6-space", "tcp://[ 2001:db8::1]:4000", "a space in the brackets"],
      ["ipv6-open", "tcp://[2001:db8::1:4000", "no closing bracket"],
      ["ipv6-behind", "tcp://[2001:db8::1]a:4000", "a letter behind the bracket"],
      ["ipv6-twice", "tcp://[[2001:db8::1]]:4000", "two pairs of brackets"],
      ["ipv6-mapped-dotted", "tcp://[::ffff:192.0.2.1]:4000", "an IPv4-mapped address, dotted"],
    ],
  ],
  "address.mapped": [
    "ipv6-not-mapped-below",
    [
      ["mapped", "tcp://[::ffff:c000:201]:4000", "192.0.2.1 as IPv4-mapped address"],
      ["mapped-zero", "tcp://[::ffff:0:0]:4000", "the lowest mapped address"],
      ["mapped-highest", "tcp://[::ffff:ffff:ffff]:4000", "the highest mapped address"],
      ["mapped-loopback", "tls://[::ffff:7f00:1]:4000", "127.0.0.1 as mapped address"],
    ],
  ],
  "address.name": [
    "name",
    [
      ["name-empty", "tcp://:4000", "no host"],
      ["name-upper-case", "tcp://Node.example:4000", "an upper-case letter"],
      ["name-dot-last", "tcp://node.example.:4000", "a dot at the end"],
      ["name-dot-first", "tcp://.example:4000", "a dot at the start"],
      ["name-dots", "tcp://node..example:4000", "two dots"],
      ["name-dot", "tcp://.:4000", "a dot alone"],
      ["name-hyphen-first", "tcp://-node.example:4000", "a hyphen at the start"],
      ["name-hyphen-last", "tcp://node-.example:4000", "a hyphen at the end of a label"],
      ["name-hyphen-end", "tcp://node.example-:4000", "a hyphen at the end of the last label"],
      ["name-hyphen", "tcp://-:4000", "a hyphen alone"],
      ["name-underscore", "tcp://_node.example:4000", "an underscore"],
      ["name-space", "tcp://node .example:4000", "a space"],
      ["name-wildcard", "tcp://*.example:4000", "a wildcard"],
      ["name-percent", "tcp://node%2eexample:4000", "an encoded dot"],
      ["name-umlaut", "tcp://b\u00fccher.example:4000", "a letter beyond ASCII"],
      ["name-nul", "tcp://node\u0000.example:4000", "a 00 byte"],
      ["name-backslash", "tcp://node.example\\a:4000", "a backslash"],
      ["name-newline", "tcp://node.example\n:4000", "a line end behind the name"],
      ["name-label-64", `tcp://${label(64)}.example:4000`, "a label of 64 characters"],
      ["name-ipv6", "tcp://2001:db8::1:4000", "an IPv6 address without brackets"],
      ["name-user", "tcp://user:secret@node.example:4000", "a user in place of a pin"],
    ],
  ],
  "address.memory": [
    "memory",
    [
      ["memory-empty", "memory://", "no name"],
      ["memory-65", `memory://${label(65)}`, "a name of 65 characters"],
      ["memory-upper-case", "memory://A", "an upper-case letter"],
      ["memory-port", "memory://a:4000", "a port"],
      ["memory-dot", "memory://a.b", "a dot"],
      ["memory-slash", "memory://a/", "a slash behind"],
      ["memory-space", "memory://a ", "a space behind"],
      ["memory-newline", "memory://a\n", "a line end behind"],
      ["memory-umlaut", "memory://\u00fc", "a letter beyond ASCII"],
    ],
  ],
  "address.pin": [
    "pin-tcp",
    [
      ["pin-empty", "tcp://@192.0.2.1:4000", "no pin before @"],
      ["pin-short", `tcp://${PIN.slice(0, -1)}@192.0.2.1:4000`, "one character less"],
      ["pin-checksum", `tcp://${PIN.slice(0, -1)}${PIN.endsWith("q") ? "p" : "q"}@192.0.2.1:4000`, "a wrong checksum"],
      ["pin-upper-case", `tcp://${PIN.toUpperCase()}@192.0.2.1:4000`, "a pin in upper case"],
      ["pin-network", `tcp://${encodeText("motetnet", alice.id)}@192.0.2.1:4000`, "the text of a network id"],
      ["pin-hex", `tcp://${toHex(alice.id)}@192.0.2.1:4000`, "a node id in hexadecimal"],
      ["pin-twice", `tcp://${PIN}@${PIN}@192.0.2.1:4000`, "two pins"],
      ["pin-behind", `tcp://192.0.2.1@${PIN}:4000`, "host and pin changed about"],
      ["pin-alone", `tcp://${PIN}@`, "nothing behind the pin"],
      ["pin-password", `tcp://${PIN}:secret@192.0.2.1:4000`, "a password behind the pin"],
      ["pin-memory-empty", `memory://${PIN}@`, "no name behind the pin"],
    ],
  ],
};

function accepted(): VectorFile {
  const set = new VectorSet("address", "accepted", "Addresses and their parts, both ways");
  for (const [rule, rows] of Object.entries(good)) {
    for (const [name, text, comment] of rows) set.accept(name, "codec.decode", input(text), { rules: [rule], comment });
  }
  const encoded = Object.entries(good).flatMap(([rule, rows]) => rows.slice(0, 5).map(([name, text]) => ({ rule, name, text })));
  for (const { rule, name, text } of encoded) {
    const { scheme, pin, host, port } = parseAddress(text);
    set.accept(`encode-${name}`, "codec.encode", parts({ scheme, pin: toHex(pin), host, port }), { rules: [rule], comment: "from its parts" }, { text });
  }
  return set.file;
}

interface Parts {
  readonly scheme: string;
  readonly pin: string;
  readonly host: string;
  readonly port: number;
}

const whole: Parts = { scheme: "tcp", pin: "", host: "192.0.2.1", port: 4000 };
const parts = (changes: Partial<Parts> = {}): Record<string, unknown> => ({ type: "address", ...whole, ...changes });

function misuse(): VectorFile {
  const set = new VectorSet("address", "misuse", "Parts that make no address");
  const reject = (name: string, rule: string, changes: Partial<Parts>, comment: string): void =>
    set.reject(`misuse-${name}`, "codec.encode", parts(changes), "MISUSE", { rules: [rule], comment, control: "encode-tcp" });
  reject("scheme", "address.scheme", { scheme: "http" }, "a foreign scheme");
  reject("scheme-case", "address.scheme", { scheme: "TCP" }, "an upper-case scheme");
  reject("port-0", "address.port", { port: 0 }, "port 0");
  reject("port-65536", "address.port", { port: 65_536 }, "a port above 65,535");
  reject("ipv4", "address.ipv4", { host: "192.0.2.01" }, "a leading zero");
  reject("ipv6", "address.ipv6", { host: "2001:db8:0::1" }, "an IPv6 address in another form than its own");
  reject("ipv6-brackets", "address.ipv6", { host: "[2001:db8::1]" }, "brackets, which are no part of the host");
  reject("mapped", "address.mapped", { host: "::ffff:c000:201" }, "an IPv4-mapped address");
  reject("name", "address.name", { host: "Node.example" }, "an upper-case letter");
  reject("name-pin", "address.name", { host: "a@node.example" }, "a host that looks like pin and host");
  reject("name-path", "address.name", { host: "node.example:4000/a" }, "a host with port and path");
  reject("memory", "address.memory", { scheme: "memory", host: "A", port: 0 }, "no name of memory:");
  reject("memory-port", "address.memory", { scheme: "memory", host: "a" }, "a port, which memory: has not");
  return set.file;
}

function refused(): VectorFile {
  const set = new VectorSet("address", "refused", "Texts that are no addresses");
  for (const [rule, [control, rows]] of Object.entries(bad)) {
    for (const [name, text, comment] of rows) set.reject(name, "codec.decode", input(text), "BAD_TEXT", { rules: [rule], comment, control });
  }
  for (const { name, bytes, comment } of badKeys().slice(0, 12)) {
    const text = `tcp://${formatNodeId(bytes)}@192.0.2.1:4000`;
    const about = { rules: ["address.pin", "id.text.key"], comment: `the pin: ${comment}`, control: "pin-tcp" };
    set.reject(`pin-key-${name}`, "codec.decode", input(text), "BAD_KEY", about);
  }
  const zeros = formatNodeId(new Uint8Array(32));
  const first = { rules: ["address.pin"], control: "pin-tcp" };
  const later: readonly Row[] = [
    ["port", `tcp://${zeros}@192.0.2.1:0`, "the port is wrong as well"],
    ["host", `tcp://${zeros}@192.0.2:4000`, "the host is wrong as well"],
    ["path", `ws://${zeros}@192.0.2.1:4000/`, "the path is wrong as well"],
    ["memory", `memory://${zeros}@A`, "the name is wrong as well"],
  ];
  for (const [name, text, comment] of later) {
    set.reject(`pin-key-and-${name}`, "codec.decode", input(text), "BAD_TEXT", { ...first, comment: `the pin is no node id, and ${comment}` });
  }
  return set.file;
}

export const addressVectors = (): VectorFile[] => [accepted(), refused(), misuse()];
