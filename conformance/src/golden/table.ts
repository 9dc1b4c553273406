// The table's arithmetic (chapter 8): ids and positions of keys, records with their digest, signature and checks, the order of versions.
// Every part of a record can be overridden, for defective ones.
import { equalBytes, filled, uint, type Bytes } from "./bytes.js";
import { decodeDescriptor, networkIdOf } from "./descriptor.js";
import { checkKey, nodeIdOf, sign, verify } from "./ed25519.js";
import { GoldenError } from "./errors.js";
import { domainHash, sha256 } from "./hash.js";
import { decodeMessage, layMessage } from "./message.js";
import { positionNumber } from "./ring.js";
import { limitOf, U64_MAX } from "./registry.js";

export const [SHARED, OWNED, IMMUTABLE] = [1, 2, 3];
const ID_BYTES = 32;
const DOMAIN = "motet/1 record";

export interface TableRecord {
  readonly kind: number;
  readonly key: Bytes;
  /** Empty in kind 3, as the signature. */
  readonly writer: Bytes;
  readonly sequence: bigint;
  /** Unix ms, as `expires`. */
  readonly issued: bigint;
  readonly expires: bigint;
  readonly flags: number;
  readonly value: Bytes;
  readonly signature: Bytes;
}

/** What a record is made of; writer and signature are those of the seed unless they are given. */
export type TableRecordParts = Omit<TableRecord, "writer" | "signature"> &
  Partial<Pick<TableRecord, "writer" | "signature">> & {
    /** Empty for a record of kind 3. */
    readonly seed: Bytes;
    readonly networkId: Bytes;
  };

/** r[key.id]. */
export function keyIdOf(networkId: Bytes, kind: number, key: Bytes): Bytes {
  return domainHash("motet/1 key", networkId, Uint8Array.of(kind), key);
}

/** r[key.position]. */
export function keyPositionOf(keyId: Bytes, index: number): Bytes {
  return domainHash("motet/1 table", Uint8Array.of(index), keyId);
}

/** Digest of a record (8.2). */
export function tableDigestOf(networkId: Bytes, record: Omit<TableRecord, "signature">): Bytes {
  const { kind, key, writer, sequence, issued, expires, flags, value } = record;
  const who = writer.length === 0 ? filled(ID_BYTES) : writer;
  const numbers = [uint(sequence, 8), uint(issued, 8), uint(expires, 8), uint(flags, 4)];
  const head = [Uint8Array.of(kind), keyIdOf(networkId, kind, key), who];
  return domainHash(DOMAIN, networkId, ...head, ...numbers, sha256(value));
}

/** Bytes of a record of these parts. */
export function buildTableRecord({ seed, networkId, ...parts }: TableRecordParts): Bytes {
  const writer = parts.writer ?? (seed.length === 0 ? filled(0) : nodeIdOf(seed));
  const digest = tableDigestOf(networkId, { ...parts, writer });
  const signature = parts.signature ?? (seed.length === 0 ? filled(0) : sign(seed, DOMAIN, digest));
  return layMessage("Record", { ...parts, writer, signature });
}

function malformed(rule: string, detail: string): never {
  throw new GoldenError("MALFORMED", rule, detail);
}

/** Takes a record apart; but for 2.4 nothing is looked at. */
export function splitTableRecord(bytes: Bytes): TableRecord {
  const record = decodeMessage("Record", bytes) as unknown as TableRecord;
  for (const number of [record.sequence, record.issued, record.expires])
    if (number > U64_MAX) malformed("int.u64.range", `${number}`);
  return record;
}

/** r[table.record.key] */
function checkLength({ kind, key }: TableRecord): void {
  const least = kind === SHARED ? 1 : ID_BYTES;
  const most = kind === IMMUTABLE ? ID_BYTES : limitOf("KEY_BYTES") + (kind === OWNED ? ID_BYTES : 0);
  if (key.length < least || key.length > most) malformed("table.record.key", `a key of ${key.length} bytes`);
}

/** r[table.record.fields] */
function checkFields({ kind, writer, signature, sequence, flags }: TableRecord): void {
  const signed = [writer.length > 0, signature.length > 0];
  if (kind !== IMMUTABLE && signed.includes(false)) malformed("table.record.fields", "no writer or no signature");
  const given = signed.includes(true) || sequence !== 0n || flags !== 0;
  if (kind === IMMUTABLE && given)
    malformed("table.record.fields", "an immutable record with a writer, version or flag");
}

/** When a tombstone is forgotten: r[keep.expired]. */
function tombstoneEnd(issued: bigint, maxTtlSeconds: number): bigint {
  return issued + BigInt(maxTtlSeconds) * 1000n + BigInt(limitOf("TOMBSTONE_EXTRA_MS"));
}

/** Everything of 8.2 that needs no clock, in its order. */
export function checkTableRecord(record: TableRecord, descriptor: Bytes): void {
  const { kind, key, writer, value, flags, issued, expires, signature } = record;
  const { maxValue, maxTtl } = decodeDescriptor(descriptor);
  checkLength(record);
  checkFields(record);
  if (flags === 1 && value.length > 0) malformed("table.record.tombstone", "a tombstone with a value");
  if (value.length > maxValue) throw new GoldenError("TOO_LARGE", "table.record.value", `${value.length} bytes`);
  const lifetime = expires - issued;
  if (lifetime <= 0n || lifetime > BigInt(maxTtl) * 1000n) malformed("table.record.lifetime", `${lifetime} ms`);
  if (kind === IMMUTABLE) {
    if (!equalBytes(key, sha256(value))) malformed("table.record.immutable", "the key is not the hash of the value");
    return;
  }
  if (kind === OWNED && !equalBytes(key.slice(0, ID_BYTES), writer))
    throw new GoldenError("BAD_KEY", "table.record.owner", "another writer than the owner");
  checkKey(writer);
  verify(DOMAIN, tableDigestOf(networkIdOf(descriptor), record), writer, signature);
}

/** r[table.record.expired] and r[table.record.future]. */
function checkClock({ kind, sequence, issued, expires, flags }: TableRecord, maxTtl: number, now: bigint): void {
  const end = flags === 1 ? tombstoneEnd(issued, maxTtl) : expires;
  if (end <= now) throw new GoldenError("EXPIRED", "table.record.expired", `expired ${now - end} ms ago`);
  const ahead = now + BigInt(limitOf("TABLE_AHEAD_MS"));
  if (issued > ahead || (kind === SHARED && sequence > ahead * 1000n))
    throw new GoldenError("FUTURE", "table.record.future", "issued or numbered too far ahead");
}

/** All checks of 8.2 in their order, at a clock in unix ms. */
export function decodeTableRecord(bytes: Bytes, descriptor: Bytes, now: bigint): TableRecord {
  const record = splitTableRecord(bytes);
  checkTableRecord(record, descriptor);
  checkClock(record, decodeDescriptor(descriptor).maxTtl, now);
  return record;
}

/** Whether a is newer than b: 8.3. */
export function isNewer(networkId: Bytes, a: TableRecord, b: TableRecord): boolean {
  if (a.sequence !== b.sequence) return a.sequence > b.sequence;
  if (a.expires !== b.expires) return a.expires > b.expires;
  return positionNumber(tableDigestOf(networkId, a)) > positionNumber(tableDigestOf(networkId, b));
}
