// Addresses as text and as parts: section 1.7. Each address has exactly one text, so what is read is what is written.
// It judges form alone: whether anybody is there, and whether one may dial, is decided elsewhere.

import { ProtocolError, misuse } from "../errors/index.js";
import type { Code } from "../gen/registry.js";
import { formatIp, isMappedIpv4, parseIp, parseIpv4 } from "./ip.js";
import { formatNodeId, parseNodeId } from "./node-id.js";

const schemes = ["tcp", "tls", "ws", "wss", "memory"] as const;

/** Scheme of an address of this version. */
export type Scheme = (typeof schemes)[number];

/** An address taken apart. */
export interface Address {
  readonly scheme: Scheme;
  /** An IP address without brackets, or a name; of `memory:` the name. */
  readonly host: string;
  /** 1…65,535; 0 for `memory:`, and where a node is to listen on any free port. */
  readonly port: number;
  /** Node id that must answer, 32 bytes. */
  readonly pin?: Uint8Array;
}

export interface AddressOptions {
  /** Port 0 is allowed: any free one. @defaultValue false */
  readonly listening?: boolean;
}

const addressBytes = 256;
const hostBytes = 253;
const largestPort = 65_535;
const webPath = "/motet";
const shownCharacters = 80;

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const numericLabel = /^(?:[0-9]+|0x[0-9a-f]*)$/;
const memoryName = /^[a-z0-9-]{1,64}$/;

const example = "write tcp://192.0.2.1:4000, tls://[2001:db8::1]:4000, wss://node.example:443/motet or memory://name";

/** Text of a peer in a message for people: short, and nothing in it that a terminal would obey. */
function shown(text: string): string {
  const plain = text.replace(/[^ -~]/g, "?");
  return `"${plain.length > shownCharacters ? `${plain.slice(0, shownCharacters)}…` : plain}"`;
}

function bad(rule: string, text: string, what: string, code: Code = "BAD_TEXT"): ProtocolError {
  return new ProtocolError(code, `${shown(text)} is no address: ${what}`, { rule: `address.${rule}` });
}

const isWeb = (scheme: Scheme): boolean => scheme === "ws" || scheme === "wss";
const isName = (host: string): boolean => host.length <= hostBytes && host.split(".").every((part) => label.test(part));

function checkBracketed(text: string, host: string): void {
  const ip = host.includes(":") ? parseIp(host) : undefined;
  // r[address.mapped]
  if (ip !== undefined && isMappedIpv4(ip)) {
    throw bad("mapped", text, `an IPv4 address inside an IPv6 one; write ${ip.slice(12).join(".")} without brackets`);
  }
  // r[address.ipv6]
  if (ip === undefined || formatIp(ip) !== host) {
    const form = ip === undefined ? "nothing but an IPv6 address stands in brackets" : `write [${formatIp(ip)}]`;
    throw bad("ipv6", text, form);
  }
}

function checkPlain(text: string, host: string): void {
  const isNumeric = numericLabel.test(host.slice(host.lastIndexOf(".") + 1));
  // r[address.ipv4]
  if (isNumeric && parseIpv4(host) === undefined) {
    throw bad(
      "ipv4",
      text,
      "a host that ends in a number is an IPv4 address: four numbers 0…255 without leading zeros (one of IPv6 stands in brackets)",
    );
  }
  // r[address.name]
  if (!isName(host)) {
    const form =
      "a host is an IPv4 address, an IPv6 address in brackets, or a name in lower-case letters, digits and -";
    throw bad("name", text, `${form}; ${example}`);
  }
}

function parsePort(digits: string, options: AddressOptions): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,4})$/.test(digits)) return undefined;
  const port = Number(digits);
  return port > largestPort || (port === 0 && options.listening !== true) ? undefined : port;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** Host and port of the first four schemes; `place` is what stands behind scheme and pin. */
function parsePlace(text: string, scheme: Scheme, place: string, options: AddressOptions): Place {
  const slash = place.search(/[/?#]/);
  const path = slash === -1 ? "" : place.slice(slash);
  const wanted = isWeb(scheme) ? webPath : "";
  // r[address.path]
  if (path !== wanted) {
    throw bad("path", text, wanted === "" ? "nothing stands behind the port" : `it ends in ${wanted} behind the port`);
  }
  const [, bracketed, plain = "", digits = ""] = /^(?:\[(.*)\]|([^:]*))(?::(.*))?$/s.exec(
    place.slice(0, place.length - path.length),
  ) ?? [undefined, undefined, place];
  if (bracketed === undefined) checkPlain(text, plain);
  else checkBracketed(text, bracketed);
  const port = parsePort(digits, options);
  // r[address.port]
  if (port === undefined) throw bad("port", text, `a port is a number 1…${largestPort} without leading zeros`);
  return { host: bracketed ?? plain, port };
}

function parseMemory(text: string, name: string): Place {
  // r[address.memory]
  if (!memoryName.test(name)) throw bad("memory", text, "a name of memory: is 1…64 of the characters a…z, 0…9 and -");
  return { host: name, port: 0 };
}

function parsePin(text: string, pin: string): Uint8Array {
  try {
    // r[address.pin] mutate: `parseNodeId(pin)` => `new Uint8Array(32)`
    return parseNodeId(pin);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw bad("pin", text, `what stands before @ is no node id, ${error.what}`, error.code);
  }
}

/**
 * Parses an address: section 1.7.
 * @throws {ProtocolError} BAD_TEXT, or BAD_KEY where nothing but the key of the pin is wrong
 */
export function parseAddress(text: string, options: AddressOptions = {}): Address {
  const colon = text.indexOf("://");
  const scheme = text.slice(0, Math.max(colon, 0)) as Scheme;
  // r[address.scheme]
  if (!schemes.includes(scheme)) throw bad("scheme", text, `it begins with none of ${schemes.join(", ")}; ${example}`);
  // r[address.length]
  if (text.length > addressBytes) throw bad("length", text, `${text.length} characters, ${addressBytes} are allowed`);
  const rest = text.slice(colon + "://".length);
  const at = rest.lastIndexOf("@");
  const place = rest.slice(at + 1);
  const { host, port } = scheme === "memory" ? parseMemory(text, place) : parsePlace(text, scheme, place, options);
  return at === -1 ? { scheme, host, port } : { scheme, host, port, pin: parsePin(text, rest.slice(0, at)) };
}

/**
 * The one text of an address.
 * @throws {ProtocolError} MISUSE for parts that make no address; port 0 is written as it is
 */
export function formatAddress({ scheme, host, port, pin }: Address): string {
  const front = `${scheme}://${pin === undefined ? "" : `${formatNodeId(pin)}@`}`;
  const behind = `${host.includes(":") ? `[${host}]` : host}:${port}${isWeb(scheme) ? webPath : ""}`;
  const text = front + (scheme === "memory" ? host : behind);
  const read = readBack(text);
  if (read === undefined || read.host !== host || read.port !== port) {
    throw misuse(`these parts make no address: scheme ${scheme}, host ${shown(host)}, port ${port}; ${example}`);
  }
  return text;
}

function readBack(text: string): Address | undefined {
  try {
    return parseAddress(text, { listening: true });
  } catch {
    return undefined;
  }
}
