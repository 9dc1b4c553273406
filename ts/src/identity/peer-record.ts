// Signed peer records: section 1.6. Splits the judgement in two: the bytes at once, the signature as a request.

import { concatBytes, isU63, readU64, writeU64 } from "../bytes/index.js";
import { decodeMessage, encodeMessage } from "../codec/index.js";
import { ProtocolError, misuse } from "../errors/index.js";
import { Limit } from "../gen/registry.js";
import type { Hasher, VerifyRequest } from "../ports/index.js";
import { Domain, hashIn, signedMessage } from "./domains.js";
import { isValidKey, passesSignatureChecks, signatureBytes } from "./keys.js";
import type { Network } from "./network.js";
import { hasWork } from "./node-id.js";

export interface PeerRecord {
  /** 32 bytes. */
  readonly nodeId: Uint8Array;
  /** Unix ms. */
  readonly issued: bigint;
  readonly expires: bigint;
  readonly incarnation: bigint;
  readonly addresses: readonly string[];
  readonly features: readonly number[];
  /** The record as its owner made it: what is passed on. Nobody may change it. */
  readonly bytes: Uint8Array;
}

/** What a node says of itself, before it is signed. */
export interface RecordClaim {
  readonly nodeId: Uint8Array;
  readonly issued: bigint;
  readonly expires: bigint;
  readonly incarnation: bigint;
  /** Encoded `PeerRecordBody`. */
  readonly body: Uint8Array;
}

const headBytes = 56;
const shortest = headBytes + signatureBytes;

const bad = (rule: string, what: string): ProtocolError => new ProtocolError("BAD_RECORD", what, { rule });

function messageOf(hasher: Hasher, network: Network, head: Uint8Array, body: Uint8Array): Uint8Array {
  return signedMessage(Domain.PEER, hashIn(hasher, Domain.PEER, network.id, head, hasher.sha256(body)));
}

function checkLifetime(bytes: Uint8Array): void {
  const lifetime = readU64(bytes, 40) - readU64(bytes, 32);
  const inRange = [32, 40, 48].every((offset) => isU63(bytes, offset));
  // r[int.u64.range]
  if (!inRange) throw bad("int.u64.range", "a time above 2^63 − 1");
  // r[record.lifetime]
  if (lifetime <= 0n || lifetime > BigInt(Limit.RECORD_LIFETIME_MS))
    throw bad("record.lifetime", `a lifetime of ${lifetime} ms`);
}

function decodeBody(body: Uint8Array): { addresses: readonly string[]; features: readonly number[] } {
  try {
    return decodeMessage("PeerRecordBody", body);
  } catch (error) {
    // r[record.body] mutate: `throw bad("record.body", error instanceof Error ? error.message : "the body is malformed")` => `return { addresses: [], features: [] }`
    throw bad("record.body", error instanceof Error ? error.message : "the body is malformed");
  }
}

/**
 * Decodes a record and checks everything but its signature's equation.
 * @throws {ProtocolError} BAD_RECORD (r[record.*], r[id.work.record])
 */
export function decodeRecord(hasher: Hasher, network: Network, bytes: Uint8Array): PeerRecord {
  // r[record.size]
  if (bytes.length < shortest || bytes.length > Limit.RECORD_BYTES)
    throw bad("record.size", `a record of ${bytes.length} bytes`);
  const nodeId = bytes.slice(0, 32);
  // r[record.key] mutate: `throw bad("record.key", "its node id is no valid key")` => `throw new ProtocolError("BAD_KEY", "its node id is no valid key")`
  if (!isValidKey(nodeId)) throw bad("record.key", "its node id is no valid key");
  // r[id.work.record]
  if (!hasWork(hasher, nodeId, network.descriptor.workBits))
    throw bad("id.work.record", "its node id lacks the work of this network");
  checkLifetime(bytes);
  const { addresses, features } = decodeBody(bytes.slice(headBytes, -signatureBytes));
  // r[record.addresses] mutate: `return {` => `if (addresses.some((address) => !address.startsWith("tcp://"))) throw bad("record.addresses", "odd"); return {`
  return {
    nodeId,
    issued: readU64(bytes, 32),
    expires: readU64(bytes, 40),
    incarnation: readU64(bytes, 48),
    addresses,
    features,
    bytes: bytes.slice(),
  };
}

/** The request that decides whether a decoded record is its owner's; `undefined` when the byte checks have decided already. */
export function recordVerification(hasher: Hasher, network: Network, bytes: Uint8Array): VerifyRequest | undefined {
  const key = bytes.subarray(0, 32);
  const signature = bytes.subarray(bytes.length - signatureBytes);
  if (!passesSignatureChecks(key, signature)) return undefined;
  const body = bytes.subarray(headBytes, bytes.length - signatureBytes);
  return { key, signature, message: messageOf(hasher, network, bytes.subarray(0, headBytes), body) };
}

/** Encodes a body. @throws {ProtocolError} MISUSE */
export function encodeRecordBody(addresses: readonly string[], features: readonly number[]): Uint8Array {
  return encodeMessage("PeerRecordBody", { addresses: [...addresses], features: [...features] });
}

/** A record that lacks its signature, and the message to sign for it. */
export function prepareRecord(
  hasher: Hasher,
  network: Network,
  claim: RecordClaim,
): { unsigned: Uint8Array; message: Uint8Array } {
  const head = new Uint8Array(headBytes);
  head.set(claim.nodeId);
  writeU64(head, 32, claim.issued);
  writeU64(head, 40, claim.expires);
  writeU64(head, 48, claim.incarnation);
  if (headBytes + claim.body.length + signatureBytes > Limit.RECORD_BYTES) {
    throw misuse(`a peer record of more than ${Limit.RECORD_BYTES} bytes; name fewer or shorter addresses`);
  }
  return { unsigned: concatBytes(head, claim.body), message: messageOf(hasher, network, head, claim.body) };
}
