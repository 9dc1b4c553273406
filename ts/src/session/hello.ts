// What a node says in HELLO and how it judges the other side's: section 3.3, in its order.

import { decodeMessage, encodeMessage, type Message } from "../codec/index.js";
import { equalBytes } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { Feature } from "../gen/registry.js";
import type { Code } from "../gen/registry.js";
import { decodeRecord, type Network, type PeerRecord } from "../identity/index.js";
import type { Hasher, Limits } from "../ports/index.js";
import type { SessionInfo } from "./session-types.js";

/** A HELLO whose fields were judged, but not the signature of its record. */
export interface JudgedHello {
  readonly hello: Message<"Hello">;
  readonly record: PeerRecord;
}

const knownFeatures: ReadonlySet<number> = new Set(Object.values(Feature));

const refuse = (code: Code, rule: string, what: string): ProtocolError => new ProtocolError(code, what, { rule });

/** The least receive limit that a network allows: r[session.hello.limit]. */
function leastReceiveLimit(network: Network, limits: Limits): number {
  return Math.max(network.descriptor.maxMessage, network.descriptor.maxValue) + limits.RECEIVE_HEADROOM_BYTES;
}

/** The receive limit that a node announces. */
export function ownReceiveLimit(network: Network, limits: Limits): number {
  // r[session.hello.announce]
  return Math.max(limits.RECEIVE_BYTES, leastReceiveLimit(network, limits));
}

/**
 * Judges a HELLO up to the byte checks of its record.
 * @throws {ProtocolError} MALFORMED, WRONG_NETWORK, BAD_RECORD
 */
export function judgeHello(hasher: Hasher, network: Network, limits: Limits, payload: Uint8Array): JudgedHello {
  // r[session.hello.decode] mutate: `decodeMessage("Hello", payload)` => `(() => { try { return decodeMessage("Hello", payload); } catch { throw refuse("PROTOCOL_ERROR", "x", "x"); } })()`
  const hello = decodeMessage("Hello", payload);
  // r[session.hello.network]
  if (!equalBytes(hello.networkId, network.id)) {
    throw refuse(
      "WRONG_NETWORK",
      "session.hello.network",
      "the peer belongs to another network; compare the descriptors",
    );
  }
  // r[session.hello.limit]
  if (hello.receiveLimit < leastReceiveLimit(network, limits)) {
    throw refuse(
      "MALFORMED",
      "session.hello.limit",
      `a receive limit of ${hello.receiveLimit} bytes is too low for this network`,
    );
  }
  // r[session.hello.record] also
  return { hello, record: decodeRecord(hasher, network, hello.record) };
}

/**
 * Judges what is left once the record is known to be its owner's.
 * @throws {ProtocolError} SELF, UNEXPECTED_NODE, UNKNOWN_FEATURE, ENCRYPTION_REQUIRED
 */
export function judgePeer(
  ownId: Uint8Array,
  network: Network,
  info: SessionInfo,
  { hello, record }: JudgedHello,
): void {
  // r[session.hello.self]
  if (equalBytes(record.nodeId, ownId)) throw refuse("SELF", "session.hello.self", "the node has reached itself");
  // r[session.hello.wanted]
  if (info.role === "responder" && hello.wanted.length > 0 && !equalBytes(hello.wanted, ownId)) {
    throw refuse("UNEXPECTED_NODE", "session.hello.wanted", "the peer wants another node than this one");
  }
  // r[session.hello.pinned]
  if (info.pinned !== undefined && !equalBytes(info.pinned, record.nodeId)) {
    throw refuse("UNEXPECTED_NODE", "session.hello.pinned", "another node answered than the one that was dialled");
  }
  // r[session.hello.features]
  // r[session.hello.optional] mutate: `feature % 2 === 0` => `true`
  if (hello.features.some((feature) => feature % 2 === 0 && !knownFeatures.has(feature))) {
    throw refuse(
      "UNKNOWN_FEATURE",
      "session.hello.features",
      `one of the features ${hello.features.join(", ")} is unknown here`,
    );
  }
  // r[session.encryption]
  if (network.encryptionRequired && !info.encrypted && !info.inProcess) {
    throw refuse(
      "ENCRYPTION_REQUIRED",
      "session.encryption",
      "this network allows no plain connection; use an encrypted transport",
    );
  }
}

export interface HelloInit {
  readonly network: Network;
  readonly limits: Limits;
  readonly nonce: Uint8Array;
  /** The node's own signed record. */
  readonly record: Uint8Array;
  readonly nowMs: number;
  readonly agent: string;
}

/** Encodes a node's own HELLO. */
export function encodeHello(
  { network, limits, nonce, record, nowMs, agent }: HelloInit,
  info: SessionInfo,
): Uint8Array {
  // r[session.hello.wanted.sender] mutate: `info.pinned ?? new Uint8Array(0)` => `new Uint8Array(0)`
  return encodeMessage("Hello", {
    networkId: network.id,
    nonce,
    record,
    wanted: info.pinned ?? new Uint8Array(0),
    clockMs: BigInt(nowMs),
    dialCounter: BigInt(info.dialCounter),
    receiveLimit: ownReceiveLimit(network, limits),
    agent,
    observedAddress: info.remoteAddress,
  });
}
