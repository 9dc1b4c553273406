// What an application may say when it makes a node, and what that comes to.

import { encodeUtf8, parseHex } from "../bytes/index.js";
import { misuse } from "../errors/index.js";
import { fixedLimits, Limit, Policy, type LimitName } from "../gen/registry.js";
import {
  defaultDescriptor,
  networkFrom,
  networkOf,
  parseNodeId,
  type Descriptor,
  type Network,
} from "../identity/index.js";
import type { Limits } from "../ports/index.js";
import type { Clock } from "./clock.js";
import { hasher } from "./crypto.js";
import type { Identity } from "./identity.js";

/** A network by its parameters; what is left out has the default of section 1.4. */
export interface NetworkOptions extends Partial<Omit<Descriptor, "name" | "policy">> {
  /** 1…64 bytes of UTF-8. */
  readonly name: string;
  /** Allow connections without encryption. @defaultValue false */
  readonly plain?: boolean;
  /** Broadcasts carry no signature. @defaultValue false */
  readonly unsigned?: boolean;
}

export interface NodeOptions {
  /** A name, parameters, or an encoded descriptor. */
  readonly network: string | NetworkOptions | Uint8Array;
  /** @defaultValue a new identity that lives as long as the node */
  readonly identity?: Identity;
  /** Addresses to listen at, such as `tcp://127.0.0.1:0`. @defaultValue none */
  readonly listen?: readonly string[];
  /** Addresses that are dialled until they answer, and again when they are lost; `tcp://motet1…@host:port` pins a node. */
  readonly bootstrap?: readonly string[];
  /** Limits of section 5.7 that differ from their defaults. */
  readonly limits?: Partial<Readonly<Record<LimitName, number>>>;
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
    ...numbers
  } = typeof options === "string" ? { name: options } : options;
  const policy = (plain ? 0 : Policy.ENCRYPTION_REQUIRED) | (unsigned ? Policy.UNSIGNED_BROADCASTS : 0);
  return networkFrom(hasher, { ...defaultDescriptor, ...numbers, policy, name: encodeUtf8(name) });
}

/** Limits with changes. @throws {ProtocolError} MISUSE for an unknown or fixed limit, or a value that is none */
export function limitsOf(changes: NodeOptions["limits"] = {}): Limits {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(Limit, name)) throw misuse(`there is no limit ${name}; section 5.7 has them all`);
    if (fixedLimits.has(name as LimitName)) throw misuse(`the limit ${name} is fixed by the protocol`);
    if (!Number.isSafeInteger(value) || value < 0)
      throw misuse(`the limit ${name} cannot be ${value}; it is a whole number from 0 on`);
  }
  if ((changes.RECEIVE_BYTES ?? 0) > Limit.RECEIVE_MAX_BYTES)
    throw misuse(`RECEIVE_BYTES is at most ${Limit.RECEIVE_MAX_BYTES}`);
  return { ...Limit, ...changes };
}

/** An address, and the node id in front of it when it pins one. @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY */
export function parsePinnedAddress(text: string): { address: string; pinned?: Uint8Array } {
  const [, scheme = "", id = "", rest = ""] = /^([a-z]+:\/\/)([^@/]+)@(.+)$/.exec(text) ?? [];
  return id === "" ? { address: text } : { address: scheme + rest, pinned: parseNodeId(id) };
}

/** Bytes of a text in hexadecimal. @throws {ProtocolError} MISUSE */
export function bytesOfHex(text: string): Uint8Array {
  const bytes = parseHex(text);
  if (bytes === undefined) throw misuse("expected an even number of lower-case hexadecimal digits");
  return bytes;
}
