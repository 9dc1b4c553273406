// What a node says in HELLO and how it judges the other side's: section 3.3, in its order.

import { decodeMessage, encodeMessage, type Message } from "../codec/index.js";
import { concatBytes, equalBytes } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { BindingKind, Feature, type Code } from "../gen/registry.js";
import { decodeRecord, type Network, type PeerRecord } from "../identity/index.js";
import type { Hasher, Limits } from "../ports/index.js";
import { countsAsEncrypted, type Binding } from "./channel.js";
import { Grease } from "./grease.js";
import type { Offer } from "./offer.js";
import type { SessionContext, SessionInfo } from "./session-types.js";

/** A HELLO whose fields were judged, but not the signature of its record. */
export interface JudgedHello {
  readonly hello: Message<"Hello">;
  readonly record: PeerRecord;
}

const knownFeatures: ReadonlySet<number> = new Set(Object.values(Feature));

const refuse = (code: Code, rule: string, what: string): ProtocolError => new ProtocolError(code, what, { rule });

/** The least receive limit that a network allows: r[session.hello.limit]. */
export function leastReceiveLimit(network: Network, limits: Limits): number {
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
  if (network.encryptionRequired && !info.inProcess && !countsAsEncrypted(info.channel, hello.bindingKinds)) {
    throw refuse(
      "ENCRYPTION_REQUIRED",
      "session.encryption",
      "this network allows no plain connection; use an encrypted transport",
    );
  }
}

/**
 * Judges what the proofs will be bound to: 6.1, 6.4.
 * @throws {ProtocolError} BINDING
 */
export function judgeChannel(network: Network, info: SessionInfo, binding: Binding): void {
  // r[tls.resumed]
  if (info.channel.resumed) throw refuse("BINDING", "tls.resumed", "the TLS connection resumed an earlier one");
  // r[binding.none]
  if (network.encryptionRequired && !info.inProcess && binding.kind === BindingKind.UNSPECIFIED) {
    throw refuse("BINDING", "binding.none", "no kind of channel binding is common to both sides");
  }
}

/** What differs from one HELLO of a node to the next. */
export interface HelloInit extends Offer {
  readonly nonce: Uint8Array;
  /** The node's own signed record. */
  readonly record: Uint8Array;
  readonly nowMs: number;
  readonly bindingKinds: readonly number[];
}

/** Encodes a node's own HELLO. */
export function encodeHello(
  { network, agent, random, features }: SessionContext,
  info: SessionInfo,
  { nonce, record, nowMs, bindingKinds, compressions, receiveLimit }: HelloInit,
): Uint8Array {
  const grease = new Grease(random);
  // r[ring.member.hello] mutate: `[...features, grease.oddNumber()]` => `[grease.oddNumber()]`
  // r[session.hello.wanted.sender] mutate: `info.pinned ?? new Uint8Array(0)` => `new Uint8Array(0)`
  const hello = encodeMessage("Hello", {
    networkId: network.id,
    nonce,
    record,
    wanted: info.pinned ?? new Uint8Array(0),
    clockMs: BigInt(nowMs),
    dialCounter: BigInt(info.dialCounter),
    compressions: [...compressions, grease.number()],
    receiveLimit,
    features: [...features, grease.oddNumber()],
    bindingKinds: [...bindingKinds, grease.number()],
    agent,
    observedAddress: info.remoteAddress,
  });
  return concatBytes(hello, grease.field());
}
