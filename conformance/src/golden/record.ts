// Peer record (1.6): made, taken apart, checked. Every part can be overridden, for defective records.
import { concat, readU64, uint, type Bytes } from "./bytes.js";
import { checkKey, nodeIdOf, sign, verify } from "./ed25519.js";
import { GoldenError } from "./errors.js";
import { domainHash, sha256, workOf } from "./hash.js";
import { decodeDescriptor, networkIdOf } from "./descriptor.js";
import { decodeMessage, type MessageValue } from "./message.js";
import { limitOf, U64_MAX } from "./registry.js";

export const RECORD_FIXED_BYTES = 120;

export interface RecordParts {
  readonly seed: Bytes;
  readonly networkId: Bytes;
  /** Unix ms. */
  readonly issued: bigint;
  readonly expires: bigint;
  readonly incarnation: bigint;
  /** Encoded PeerRecordBody. */
  readonly body?: Bytes;
  /** Another node id than the seed's. */
  readonly nodeId?: Bytes;
  /** Another signature than the right one. */
  readonly signature?: Bytes;
}

export interface PeerRecord {
  readonly nodeId: Bytes;
  readonly issued: bigint;
  readonly expires: bigint;
  readonly incarnation: bigint;
  readonly body: Bytes;
  readonly signature: Bytes;
}

/** Digest under the signature of a record. */
export function recordDigest(networkId: Bytes, record: Omit<PeerRecord, "signature">): Bytes {
  const { nodeId, issued, expires, incarnation, body } = record;
  const times = [uint(issued, 8), uint(expires, 8), uint(incarnation, 8)];
  return domainHash("motet/1 peer", networkId, nodeId, ...times, sha256(body));
}

/** A record of these parts, signed by the seed unless a signature is given. */
export function buildRecord(parts: RecordParts): Bytes {
  const { seed, networkId, issued, expires, incarnation, body = new Uint8Array() } = parts;
  const nodeId = parts.nodeId ?? nodeIdOf(seed);
  const digest = recordDigest(networkId, { nodeId, issued, expires, incarnation, body });
  const signature = parts.signature ?? sign(seed, "motet/1 peer", digest);
  return concat(nodeId, uint(issued, 8), uint(expires, 8), uint(incarnation, 8), body, signature);
}

function refuse(rule: string, detail: string): never {
  throw new GoldenError("BAD_RECORD", rule, detail);
}

/** Cuts a record into its parts: r[record.size], nothing else is looked at. */
export function splitRecord(bytes: Bytes): PeerRecord {
  if (bytes.length < RECORD_FIXED_BYTES || bytes.length > limitOf("RECORD_BYTES")) {
    refuse("record.size", `${bytes.length} bytes`);
  }
  return {
    nodeId: bytes.slice(0, 32),
    issued: readU64(bytes, 32),
    expires: readU64(bytes, 40),
    incarnation: readU64(bytes, 48),
    body: bytes.slice(56, -64),
    signature: bytes.slice(-64),
  };
}

/** Any failure inside is BAD_RECORD by the rule of the record. */
function within<T>(rule: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    return refuse(rule, error.message);
  }
}

/** All checks of 1.6 in their order, for the network of this descriptor. */
export function decodeRecord(bytes: Bytes, descriptor: Bytes): { record: PeerRecord; body: MessageValue } {
  const record = splitRecord(bytes);
  within("record.key", () => checkKey(record.nodeId));
  const work = workOf(record.nodeId);
  if (work < decodeDescriptor(descriptor).workBits) refuse("id.work.record", `${work} bits of work`);
  for (const time of [record.issued, record.expires, record.incarnation]) {
    if (time > U64_MAX) refuse("int.u64.range", `${time}`);
  }
  const lifetime = record.expires - record.issued;
  if (lifetime <= 0n || lifetime > BigInt(limitOf("RECORD_LIFETIME_MS"))) refuse("record.lifetime", `${lifetime} ms`);
  const body = within("record.body", () => decodeMessage("PeerRecordBody", record.body));
  const digest = recordDigest(networkIdOf(descriptor), record);
  within("record.signature", () => verify("motet/1 peer", digest, record.nodeId, record.signature));
  return { record, body };
}
