// Records of the table: section 8.2. Splits the judgement in three: the bytes at once, the signature as a request, the time
// (table-time.ts) when the record is used. Knows nothing of who stores it.

import { maxU63, writeU32, writeU64 } from "../bytes/index.js";
import { decodeMessage, encodeMessage } from "../codec/index.js";
import { ProtocolError, misuse } from "../errors/index.js";
import { Limit, type Code } from "../gen/registry.js";
import type { Hasher, SignatureService, VerifyRequest } from "../ports/index.js";
import { Domain, hashIn, signedMessage } from "./domains.js";
import { KeyKind, keyIdOf } from "./key-id.js";
import { isValidKey, nodeIdBytes, passesSignatureChecks } from "./keys.js";
import type { Network } from "./network.js";

/** What a writer says, before it is signed. */
export interface TableRecordClaim {
  /** One of `KeyKind`. */
  readonly kind: number;
  /** Of an owned key the owner's node id and the name, of an immutable one the hash of the value. */
  readonly key: Uint8Array;
  /** Node id; empty in kind 3. */
  readonly writer: Uint8Array;
  readonly sequence: bigint;
  /** Unix ms. */
  readonly issued: bigint;
  readonly expires: bigint;
  /** Bit 0: a tombstone. */
  readonly flags: number;
  readonly value: Uint8Array;
}

/** A record and what follows from it. Nobody may change its bytes. */
export interface TableRecord extends TableRecordClaim {
  /** 64 bytes; empty in kind 3. */
  readonly signature: Uint8Array;
  /** Id of the key, 32 bytes. */
  readonly keyId: Uint8Array;
  /** What was signed, and what orders versions; 32 bytes. */
  readonly digest: Uint8Array;
  /** The record as it came: what is stored and passed on. */
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);
const zeros = new Uint8Array(nodeIdBytes);
const hashBytes = 32;

function refuse(rule: string, code: Code, what: string): ProtocolError {
  return new ProtocolError(code, what, { rule: `table.record.${rule}` });
}

function digestOf(hasher: Hasher, network: Network, claim: TableRecordClaim, keyId: Uint8Array): Uint8Array {
  const numbers = new Uint8Array(28);
  writeU64(numbers, 0, claim.sequence);
  writeU64(numbers, 8, claim.issued);
  writeU64(numbers, 16, claim.expires);
  writeU32(numbers, 24, claim.flags);
  const writer = claim.writer.length === 0 ? zeros : claim.writer;
  const value = hasher.sha256(claim.value);
  return hashIn(hasher, Domain.RECORD, network.id, Uint8Array.of(claim.kind), keyId, writer, numbers, value);
}

function hasKeyLength({ kind, key }: TableRecordClaim): boolean {
  if (kind === KeyKind.SHARED) return key.length >= 1 && key.length <= Limit.KEY_BYTES;
  if (kind === KeyKind.OWNED) return key.length >= nodeIdBytes && key.length <= nodeIdBytes + Limit.KEY_BYTES;
  return key.length === hashBytes;
}

type Fields = TableRecordClaim & { readonly signature: Uint8Array };

function hasItsFields({ kind, writer, sequence, flags, signature }: Fields): boolean {
  if (kind !== KeyKind.IMMUTABLE) return writer.length > 0 && signature.length > 0;
  return writer.length === 0 && signature.length === 0 && sequence === 0n && flags === 0;
}

/** What the fields alone show, up to the lifetime. */
function checkFields(network: Network, fields: Fields): void {
  const { key, flags, value, issued, expires } = fields;
  // r[table.record.key]
  if (!hasKeyLength(fields)) throw refuse("key", "MALFORMED", `a key of ${key.length} bytes`);
  // r[table.record.fields]
  if (!hasItsFields(fields))
    throw refuse("fields", "MALFORMED", "writer, signature, sequence or flags against its kind");
  // r[table.record.tombstone]
  if ((flags & 1) === 1 && value.length > 0) throw refuse("tombstone", "MALFORMED", "a tombstone with a value");
  const { maxValue, maxTtl } = network.descriptor;
  // r[table.record.value]
  if (value.length > maxValue)
    throw refuse("value", "TOO_LARGE", `a value of ${value.length} bytes, at most ${maxValue}`);
  const lifetimeMs = expires - issued;
  // r[table.record.lifetime]
  if (lifetimeMs <= 0n || lifetimeMs > BigInt(maxTtl) * 1000n)
    throw refuse("lifetime", "MALFORMED", `a lifetime of ${lifetimeMs} ms`);
}

/** Who may have written it. */
function checkWriter(hasher: Hasher, { kind, key, writer, value }: TableRecordClaim): void {
  if (kind === KeyKind.IMMUTABLE) {
    // r[table.record.immutable]
    if (!hasher.equals(key, hasher.sha256(value)))
      throw refuse("immutable", "MALFORMED", "its key is not the hash of its value");
    return;
  }
  // r[table.record.owner]
  if (kind === KeyKind.OWNED && !hasher.equals(key.subarray(0, nodeIdBytes), writer))
    throw refuse("owner", "BAD_KEY", "written by another than the owner of its key");
  // r[table.record.writer]
  if (!isValidKey(writer)) throw refuse("writer", "BAD_KEY", "its writer is no valid key");
}

/**
 * Decodes a record and checks everything but its signature's equation and its time.
 * @param bytes copied: they may change afterwards.
 * @throws {ProtocolError} MALFORMED, TOO_LARGE, BAD_KEY (r[table.record.*])
 */
export function decodeTableRecord(hasher: Hasher, network: Network, bytes: Uint8Array): TableRecord {
  const own = bytes.slice();
  const fields = decodeMessage("Record", own);
  const isInRange = [fields.sequence, fields.issued, fields.expires].every((number) => number <= maxU63);
  // r[int.u64.range] also
  if (!isInRange) throw new ProtocolError("MALFORMED", "a number above 2^63 − 1", { rule: "int.u64.range" });
  checkFields(network, fields);
  checkWriter(hasher, fields);
  const { kind, key, writer, sequence, issued, expires, flags, value, signature } = fields;
  const claim = { kind, key, writer, sequence, issued, expires, flags, value };
  return whole(hasher, network, claim, signature, own);
}

function whole(
  hasher: Hasher,
  network: Network,
  claim: TableRecordClaim,
  signature: Uint8Array,
  bytes: Uint8Array,
): TableRecord {
  const keyId = keyIdOf(hasher, network, claim.kind, claim.key);
  return { ...claim, signature, keyId, digest: digestOf(hasher, network, claim, keyId), bytes };
}

/**
 * The request that decides whether a decoded record is its writer's: `true` when it needs no signature, `false` when the byte
 * checks have decided against it.
 */
export function tableRecordVerification({ kind, writer, signature, digest }: TableRecord): VerifyRequest | boolean {
  if (kind === KeyKind.IMMUTABLE) return true;
  if (!passesSignatureChecks(writer, signature)) return false;
  return { key: writer, signature, message: signedMessage(Domain.RECORD, digest) };
}

/** Decides it. @param done called once, perhaps within this call: BAD_SIGNATURE, or nothing when the record may be used. */
export function verifyTableRecord(
  signatures: SignatureService,
  record: TableRecord,
  done: (refusal: Code | undefined) => void,
): void {
  const request = tableRecordVerification(record);
  if (request === true) return done(undefined);
  if (request === false) return done("BAD_SIGNATURE");
  signatures.verify(request, (valid) => {
    // r[table.record.signature] mutate: `valid ? undefined : "BAD_SIGNATURE"` => `undefined`
    done(valid ? undefined : "BAD_SIGNATURE");
  });
}

/** What is to be signed for a claim; of kind 3 nothing. @throws {ProtocolError} MISUSE when nobody would take the record */
export function prepareTableRecord(hasher: Hasher, network: Network, claim: TableRecordClaim): Uint8Array | undefined {
  const signature = claim.kind === KeyKind.IMMUTABLE ? none : new Uint8Array(1);
  try {
    checkFields(network, { ...claim, signature });
    checkWriter(hasher, claim);
  } catch (error) {
    if (error instanceof ProtocolError) throw misuse(`${error.what}; see section 8.2`);
    throw error;
  }
  if (claim.kind === KeyKind.IMMUTABLE) return undefined;
  const keyId = keyIdOf(hasher, network, claim.kind, claim.key);
  return signedMessage(Domain.RECORD, digestOf(hasher, network, claim, keyId));
}

/** The record of a claim. @param signature 64 bytes over what `prepareTableRecord` gave; none in kind 3. */
export function finishTableRecord(
  hasher: Hasher,
  network: Network,
  claim: TableRecordClaim,
  signature: Uint8Array = none,
): TableRecord {
  return whole(hasher, network, claim, signature, encodeMessage("Record", { ...claim, signature }));
}
