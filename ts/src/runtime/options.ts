// What an application may say when it makes a node, and what that comes to.

import { X509Certificate } from "node:crypto";
import { encodeUtf8, equalBytes, maxU63, parseHex } from "../bytes/index.js";
import { misuse } from "../errors/index.js";
import { Compression, fixedLimits, Limit, Policy, type LimitName } from "../gen/registry.js";
import {
  defaultDescriptor,
  formatAddress,
  networkFrom,
  networkOf,
  parseAddress,
  type Descriptor,
  type Network,
} from "../identity/index.js";
import type { Limits } from "../ports/index.js";
import type { ServerCertificate, TransportSettings } from "../transport/index.js";
import type { Clock } from "./clock.js";
import { hasher } from "./crypto.js";
import type { Host } from "./host.js";
import { checkId } from "./node-messaging.js";
import type { Identity } from "./identity.js";
import type { StoreOptions } from "./store/index.js";

/** A network by its parameters; what is left out has the default of section 1.4. */
export interface NetworkOptions extends Partial<Omit<Descriptor, "name" | "policy">> {
  /** 1…64 bytes of UTF-8. */
  readonly name: string;
  /** Allow connections without encryption. @defaultValue false */
  readonly plain?: boolean;
  /** Broadcasts carry no signature. @defaultValue false */
  readonly unsigned?: boolean;
  /** Origins may compress the payloads of broadcasts. @defaultValue false */
  readonly compressed?: boolean;
}

export interface NodeOptions {
  /** A name, parameters, or an encoded descriptor. */
  readonly network: string | NetworkOptions | Uint8Array;
  /** @defaultValue a new identity that lives as long as the node */
  readonly identity?: Identity;
  /** Addresses to listen at, such as `tls://127.0.0.1:0`; port 0 is any free port. @defaultValue none */
  readonly listen?: readonly string[];
  /** Addresses that it shares with other nodes of this process: each gets what is meant for it. */
  readonly host?: Host;
  /** Addresses at which others reach this node, in place of those it listens at: behind a proxy or a router. */
  readonly announce?: readonly string[];
  /** Addresses that are dialled until they answer, and again when they are lost; `tls://motet1…@host:port` pins a node. */
  readonly bootstrap?: readonly string[];
  /**
   * Takes part in the ring: section 7.2. `join`s it through the bootstrap addresses, or `found`s it, once in the life of a
   * network; with `wait` it does so when `node.ring` says. Others must be able to dial the node. @defaultValue none: lookups only
   */
  readonly ring?: "found" | "join" | "wait";
  /**
   * File in which the node keeps two of its peers, to dial them first after its next start: with it a node that nobody answers
   * at its bootstrap addresses finds its network again. @defaultValue none
   */
  readonly anchors?: string;
  /**
   * Folder of the node's own for its part of the table, as a member of the ring: what it has acknowledged survives the end of
   * the process. @defaultValue memory: it is gone with the process, and what the neighbours hold stays
   */
  readonly store?: string | StoreOptions;
  /** Limits of section 9.7 that differ from their defaults. With PEERS_TARGET 0 the node looks for no peers itself. */
  readonly limits?: Partial<Readonly<Record<LimitName, number>>>;
  /** Key and certificate for `tls` and `wss`, in PEM; never made of the identity. @defaultValue a self-signed one, made at start */
  readonly certificate?: ServerCertificate;
  /** Origins of web pages that may connect to `ws` and `wss`. @defaultValue none */
  readonly origins?: readonly string[];
  /** Certificates of authorities, PEM: with them, responders of `tls` and `wss` must show a certificate of theirs. */
  readonly authorities?: string | readonly string[];
  /** Compression ids that the node decodes, best first; `[]` for none. @defaultValue deflate, zlib, gzip */
  readonly compressions?: readonly number[];
  /** Name and version of the application, printable ASCII, at most 128 bytes. */
  readonly agent?: string;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /** Unix ms, more than at every earlier start with this identity. @defaultValue the clock at the start */
  readonly incarnation?: bigint;
  /** Last sequence of an earlier start, 0 for none. */
  readonly lastSequence?: bigint;
}

/** The network that options name. @throws {ProtocolError} MISUSE, MALFORMED */
export function networkOfOptions(options: NodeOptions["network"]): Network {
  if (options instanceof Uint8Array) return networkOf(hasher, options);
  const {
    name,
    plain = false,
    unsigned = false,
    compressed = false,
    ...numbers
  } = typeof options === "string" ? { name: options } : options;
  const policy =
    (plain ? 0 : Policy.ENCRYPTION_REQUIRED) |
    (unsigned ? Policy.UNSIGNED_BROADCASTS : 0) |
    (compressed ? Policy.COMPRESSED_BROADCASTS : 0);
  return networkFrom(hasher, { ...defaultDescriptor, ...numbers, policy, name: encodeUtf8(name) });
}

/** Limits that 0 would stop a node with, or memory is set aside for. */
const least: Partial<Record<LimitName, number>> = {
  RECENT_MESSAGES: 1,
  VERIFYING_PER_LINK: 1,
  PENDING_PER_LINK_BYTES: 1,
  PENDING_BYTES: 1,
  QUEUE_BYTES: 1,
  SESSIONS: 1,
  HANDSHAKES: 1,
  REQUESTS: 1,
  DIALS: 1,
  LOCATES_PER_SECOND: 1,
  COPIES_PER_SECOND: 1,
  PENALISED: 1,
};
const largest: Partial<Record<LimitName, number>> = {
  RECENT_MESSAGES: 2 ** 20,
  SESSIONS: 2 ** 16,
  ORIGINS: 2 ** 24,
  UNSIGNED_IDS: 2 ** 26,
  RECEIVE_BYTES: Limit.RECEIVE_MAX_BYTES,
};

/** Limits with changes. @throws {ProtocolError} MISUSE for an unknown or fixed limit, or a value that is none */
export function limitsOf(changes: NodeOptions["limits"] = {}): Limits {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(Limit, name)) throw misuse(`there is no limit ${name}; section 9.7 has them all`);
    if (fixedLimits.has(name as LimitName)) throw misuse(`the limit ${name} is fixed by the protocol`);
    const [low, high] = [least[name as LimitName] ?? 0, largest[name as LimitName] ?? Number.MAX_SAFE_INTEGER];
    if (!Number.isInteger(value) || value < low || value > high)
      throw misuse(`the limit ${name} cannot be ${value}; it is a whole number from ${low} to ${high}`);
  }
  return { ...Limit, ...changes };
}

/** An address to dial, and the node id that it pins. @throws {ProtocolError} BAD_TEXT, BAD_KEY */
export function parsePinnedAddress(text: string): { address: string; pinned?: Uint8Array } {
  const { pin, ...place } = parseAddress(text);
  return pin === undefined ? { address: text } : { address: formatAddress(place), pinned: pin };
}

/** @throws {ProtocolError} MISUSE when a certificate is of the identity key (r[tls.key]), or none */
export function checkCertificate(certificate: ServerCertificate | undefined, nodeId: Uint8Array): void {
  // r[tls.key]
  if (certificate !== undefined && isOfIdentity(certificate.certificate, nodeId)) {
    throw misuse("the certificate is of the identity key; make one of another key");
  }
}

/** Whether a certificate is of the identity key. @throws {ProtocolError} MISUSE when it is no certificate */
function isOfIdentity(certificate: string, nodeId: Uint8Array): boolean {
  try {
    const { x = "" } = new X509Certificate(certificate).publicKey.export({ format: "jwk" });
    return Buffer.from(x, "base64url").equals(nodeId);
  } catch (error) {
    throw misuse(`the certificate cannot be read: ${(error as Error).message}; give it in PEM`);
  }
}

/** What options say about transports. @throws {ProtocolError} MISUSE (r[tls.key]) */
export function transportSettings(options: NodeOptions, limits: Limits, nodeId: Uint8Array): TransportSettings {
  const { certificate, authorities, origins = [], announce = [] } = options;
  checkCertificate(certificate, nodeId);
  return {
    configured: announce,
    origins,
    limits,
    ...(certificate === undefined ? {} : { certificate }),
    ...(authorities === undefined ? {} : { authorities }),
  };
}

/** An address to dial, with the node id that it or the caller pins. @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY */
export function pinnedTarget(text: string, pinned: Uint8Array | undefined): { address: string; pinned?: Uint8Array } {
  const target = parsePinnedAddress(text);
  if (pinned === undefined) return target;
  const id = checkId(pinned);
  if (target.pinned !== undefined && !equalBytes(target.pinned, id))
    throw misuse(`"${text}" pins another node than the one given beside it; give one of them`);
  return { ...target, pinned: id };
}

/** Compression ids that this node can decode. */
const decodable: readonly number[] = [Compression.DEFLATE, Compression.ZLIB, Compression.GZIP];

/** The compression ids that a node takes. @throws {ProtocolError} MISUSE */
export function compressionsOf(options: Pick<NodeOptions, "compressions">): readonly number[] {
  const { compressions = decodable } = options;
  const unknown = compressions.find((id) => !decodable.includes(id));
  if (unknown !== undefined)
    throw misuse(`compression ${unknown} cannot be decoded; use some of ${decodable.join(", ")}`);
  return compressions;
}

/** Checks what would only be noticed when the first peer comes. @throws {ProtocolError} MISUSE */
export function checkOptions({ agent = "", incarnation = 0n, lastSequence = 0n }: NodeOptions): void {
  if (!/^[\x20-\x7e]{0,128}$/.test(agent)) throw misuse("agent is at most 128 characters of printable ASCII");
  for (const [name, value] of Object.entries({ incarnation, lastSequence })) {
    if (typeof value !== "bigint" || value < 0n || value > maxU63)
      throw misuse(`${name} is a bigint from 0 to 2^63 − 1`);
  }
}

/** Bytes of a text in hexadecimal. @throws {ProtocolError} MISUSE */
export function bytesOfHex(text: string): Uint8Array {
  const bytes = parseHex(text);
  if (bytes === undefined) throw misuse("expected an even number of lower-case hexadecimal digits");
  return bytes;
}
