// Vectors of records of the table (8.2): every check in its order, on its edge and one beyond, at clocks that are given.
import { concat, domainHash, filled, flipped, layMessage, lengthField, sha256, sign, splitTableRecord, tableDigestOf, toHex, U64_MAX, utf8, varintField } from "../golden/index.js"; // prettier-ignore
import type { Bytes, MessageValue, TableRecordParts } from "../golden/index.js";
import { withLargeS } from "./signature-forge.js";
import { immutableParts, ownedParts, sharedParts, tableRecord, tombstoneParts } from "./table-records.js";
import type { VectorFile } from "./types.js";
import { decoding, VectorSet, type Subject } from "./vector-set.js";
import { alice, badKeys, bob, demo, HOUR, network, NOW, other } from "./world.js";

const features = ["table"];
const WEEK = 604_800_000n;
const AHEAD = 600_000n;
const EXTRA = 1_200_000n;
/** Values of 128 bytes at most, a time to live of an hour. */
const tight = network("tight", { maxValue: 128, maxTtl: 3600 });

type Changes = Partial<TableRecordParts>;
type Accept = (name: string, rule: string, comment: string, record: Bytes, now?: bigint) => void;
/** `why` is a code, and the rules behind it. */
type Reject = (name: string, why: string, comment: string, record: Bytes, now?: bigint) => void;

/** Records as they are judged in demo, at NOW unless another clock is given. */
function judged(set: VectorSet, where = demo): { accept: Accept; reject: Reject } {
  const subject = (now: bigint): Subject => decoding("tableRecord", { network: toHex(where.descriptor), now: `${now}` });
  return {
    accept: (name, rule, comment, record, now = NOW) =>
      set.accept(name, "codec.decode", subject(now).input(record), { rules: rule.split(" "), comment, features }),
    reject: (name, why, comment, record, now = NOW) => {
      const [code = "", ...rules] = why.split(" ");
      const about = { rules, comment, features, control: "codec/tablerecord/shared" };
      set.reject(name, "codec.decode", subject(now).input(record), code, about);
    },
  };
}

function encoding({ seed, kind, key, sequence, issued, expires, flags, value }: TableRecordParts): Record<string, unknown> {
  const numbers = { sequence: `${sequence}`, issued: `${issued}`, expires: `${expires}`, flags };
  const names = { seed: toHex(seed), network: toHex(demo.descriptor), kind, key: toHex(key) };
  return { type: "tableRecord", ...names, ...numbers, value: toHex(value) };
}

function accepted(): VectorFile {
  const set = new VectorSet("tablerecord", "accepted", "Records of the table, both ways");
  const { accept } = judged(set);
  const both = (name: string, rule: string, comment: string, of: TableRecordParts, changes: Changes = {}): void => {
    accept(name, rule, comment, tableRecord(changes, of));
    set.accept(`encode-${name}`, "codec.encode", encoding({ ...of, ...changes }), { rules: rule.split(" "), comment, features });
  };
  const longest = { value: filled(65_536, 0x61) };
  both("shared", "table.record.signature", "a shared record", sharedParts);
  both("owned", "table.record.owner table.record.signature", "an owned record", ownedParts);
  both("immutable", "table.record.immutable table.record.fields", "an immutable record", immutableParts);
  both("tombstone", "table.record.tombstone", "a tombstone of a shared key", tombstoneParts);
  both("tombstone-owned", "table.record.tombstone", "a tombstone of an owned key", { ...ownedParts, flags: 1, value: filled(0) });
  both("empty-value", "table.record.tombstone", "an empty value is no tombstone", sharedParts, { value: filled(0) });
  both("empty-immutable", "table.record.immutable", "the hash of nothing", immutableParts, { key: sha256(), value: filled(0) });
  both("bob", "table.record.signature", "of another writer", sharedParts, { seed: bob.seed });
  both("key-1", "table.record.key", "the shortest shared key", sharedParts, { key: filled(1) });
  both("key-1024", "table.record.key", "the longest shared key", sharedParts, { key: filled(1024, 0x61) });
  both("owned-nameless", "table.record.key", "an owned key with an empty name", ownedParts, { key: alice.id });
  both("owned-longest", "table.record.key", "an owned key with the longest name", ownedParts, { key: concat(alice.id, filled(1024, 0x61)) });
  both("value-longest", "table.record.value", "the longest value", sharedParts, longest);
  both("lifetime-1", "table.record.lifetime", "a life of 1 ms", sharedParts, { expires: NOW + 1n });
  both("lifetime-longest", "table.record.lifetime", "the longest life", sharedParts, { expires: NOW + WEEK });
  both("sequence-0", "table.record.signature", "a shared record numbered 0", sharedParts, { sequence: 0n });
  both("owned-sequence-largest", "table.record.future int.u64.range", "owned: the largest sequence there is is not ahead of any clock", ownedParts, { sequence: U64_MAX });
  const unknown = concat(tableRecord(), varintField(900, 1), lengthField(901, filled(3)));
  accept("unknown-fields", "table.record.signature", "fields that nobody knows", unknown);
  return set.file;
}

function refusedParts(): VectorFile {
  const set = new VectorSet("tablerecord", "refused", "Keys, fields, values and times that are refused");
  const { reject } = judged(set);
  const bad = (name: string, why: string, comment: string, of: TableRecordParts, changes: Changes): void =>
    reject(name, why, comment, tableRecord(changes, of));
  const malformed = (name: string, rule: string, comment: string, of: TableRecordParts, changes: Changes): void =>
    bad(name, `MALFORMED ${rule}`, comment, of, changes);
  malformed("key-1025", "table.record.key", "shared: one byte too long", sharedParts, { key: filled(1025, 0x61) });
  malformed("owned-key-31", "table.record.key", "owned: no room for an owner", ownedParts, { key: alice.id.slice(0, 31) });
  malformed("immutable-key-31", "table.record.key", "immutable: a hash cut short", immutableParts, { key: immutableParts.key.slice(0, 31) });
  malformed("immutable-key-33", "table.record.key", "immutable: a byte behind the hash", immutableParts, { key: concat(immutableParts.key, filled(1)) });
  malformed("no-writer", "table.record.fields", "shared without a writer", sharedParts, { writer: filled(0) });
  malformed("no-signature", "table.record.fields", "shared without a signature", sharedParts, { signature: filled(0) });
  malformed("owned-no-signature", "table.record.fields", "owned without a signature", ownedParts, { signature: filled(0) });
  malformed("owned-no-writer", "table.record.fields", "owned without a writer", ownedParts, { writer: filled(0) });
  malformed("immutable-writer", "table.record.fields", "immutable with a writer", immutableParts, { writer: alice.id });
  malformed("immutable-signature", "table.record.fields", "immutable with a signature", immutableParts, { signature: filled(64, 1) });
  malformed("immutable-signed", "table.record.fields", "immutable, signed as the others are", immutableParts, { seed: alice.seed });
  malformed("immutable-sequence", "table.record.fields", "immutable with a sequence", immutableParts, { sequence: 1n });
  malformed("immutable-tombstone", "table.record.fields", "an immutable key cannot be deleted", immutableParts, { flags: 1 });
  malformed("tombstone-value", "table.record.tombstone", "a tombstone with a value", tombstoneParts, { value: filled(1) });
  malformed("lifetime-0", "table.record.lifetime", "it expires when it is issued", sharedParts, { expires: NOW });
  malformed("lifetime-negative", "table.record.lifetime", "it expires before it is issued", sharedParts, { expires: NOW - 1n });
  malformed("lifetime-too-long", "table.record.lifetime", "1 ms more than the longest life", sharedParts, { expires: NOW + WEEK + 1n });
  malformed("lifetime-tombstone", "table.record.lifetime", "a tombstone with too long a life", tombstoneParts, { expires: NOW + WEEK + 1n });
  malformed("lifetime-immutable", "table.record.lifetime", "immutable, with too long a life", immutableParts, { expires: NOW + WEEK + 1n });
  malformed("lifetime-endless", "table.record.lifetime", "until the end of time", sharedParts, { expires: U64_MAX });
  malformed("immutable-other-value", "table.record.immutable", "the hash of another value", immutableParts, { value: utf8("something else") });
  malformed("sequence-range", "int.u64.range", "a sequence of 2^63", ownedParts, { sequence: U64_MAX + 1n });
  malformed("times-range", "int.u64.range", "issued and expires above 2^63 − 1", sharedParts, { issued: U64_MAX + 1n, expires: U64_MAX + 2n });
  bad("value-too-long", "TOO_LARGE table.record.value", "one byte more than the longest value", sharedParts, { value: filled(65_537, 0x61) });
  bad("value-too-long-immutable", "TOO_LARGE table.record.value", "an immutable value of one byte too many", immutableParts, { value: filled(65_537, 0x61), key: sha256(filled(65_537, 0x61)) });
  bad("owned-by-bob", "BAD_KEY table.record.owner", "alice's key, written by bob", ownedParts, { seed: bob.seed });
  for (const { name, bytes, comment } of badKeys().slice(0, 14)) {
    bad(`key-${name}`, "BAD_KEY table.record.writer id.key.valid", `writer: ${comment}`, sharedParts, { writer: bytes, signature: filled(64, 1) });
  }
  shapes(reject);
  return set.file;
}

/** What 2.4 refuses, before anything of 8.2. */
function shapes(reject: Reject): void {
  const parts = splitTableRecord(tableRecord()) as unknown as MessageValue;
  const lay = (changes: MessageValue): Bytes => layMessage("Record", { ...parts, ...changes });
  const bounds = (name: string, comment: string, record: Bytes): void =>
    reject(name, "MALFORMED payload.bounds", comment, record);
  bounds("kind-0", "no kind", lay({ kind: 0 }));
  bounds("kind-4", "kind 4", lay({ kind: 4 }));
  bounds("key-empty", "no key", lay({ key: filled(0) }));
  bounds("flags-2", "a flag that there is not", lay({ flags: 2 }));
  bounds("writer-31", "a writer of 31 bytes", lay({ writer: alice.id.slice(0, 31) }));
  bounds("signature-63", "a signature of 63 bytes", lay({ signature: filled(63, 1) }));
  bounds("nothing", "no bytes at all", filled(0));
  reject("cut", "MALFORMED payload.truncated", "the last byte is missing", tableRecord().slice(0, -1));
}

function misuse(): VectorFile {
  const set = new VectorSet("tablerecord", "misuse", "Records that decoding would refuse are not encoded");
  const refuse = (name: string, rule: string, comment: string, of: TableRecordParts, changes: Changes): void => {
    const about = { rules: [rule], comment, features, control: "encode-shared" };
    set.reject(`misuse-${name}`, "codec.encode", encoding({ ...of, ...changes }), "MISUSE", about);
  };
  refuse("key-1025", "table.record.key", "shared: one byte too long", sharedParts, { key: filled(1025, 0x61) });
  refuse("tombstone-value", "table.record.tombstone", "a tombstone with a value", tombstoneParts, { value: filled(1) });
  refuse("value-too-long", "table.record.value", "one byte more than the longest value", sharedParts, { value: filled(65_537) });
  refuse("lifetime-0", "table.record.lifetime", "it expires when it is issued", sharedParts, { expires: NOW });
  refuse("lifetime-too-long", "table.record.lifetime", "1 ms more than the longest life", sharedParts, { expires: NOW + WEEK + 1n });
  refuse("immutable-other-value", "table.record.immutable", "the hash of another value", immutableParts, { value: utf8("x") });
  refuse("owned-by-bob", "table.record.owner", "alice's key, written by bob", ownedParts, { seed: bob.seed });
  return set.file;
}

function signatures(): VectorFile {
  const set = new VectorSet("tablerecord", "signature", "Signatures of records that are refused");
  const { reject } = judged(set);
  const record = splitTableRecord(tableRecord());
  const digest = tableDigestOf(demo.id, record);
  const bad = (name: string, comment: string, changes: Changes): void =>
    reject(name, "BAD_SIGNATURE table.record.signature", comment, tableRecord(changes));
  const after = (name: string, comment: string, changes: Changes): void =>
    bad(name, `${comment}, changed after signing`, { signature: record.signature, ...changes });
  bad("flipped", "one bit of the signature", { signature: flipped(record.signature, 5) });
  bad("zero", "zeros", { signature: filled(64) });
  bad("large-s", "S of L or more", { signature: withLargeS(record.signature, 1n) });
  bad("bob-signs", "bob signs what names alice", { signature: sign(bob.seed, "motet/1 record", digest) });
  bad("other-network", "signed for another network", { networkId: other.id });
  bad("peer-domain", "signed in the domain of peer records", { signature: sign(alice.seed, "motet/1 peer", digest) });
  const unnamed = domainHash("motet/1 record", digest);
  bad("digest-twice", "signed over a hash of the digest", { signature: sign(alice.seed, "motet/1 record", unnamed) });
  after("key-changed", "the key", { key: utf8("weathes") });
  after("writer-changed", "the writer", { writer: bob.id });
  after("sequence-changed", "the sequence", { sequence: record.sequence + 1n });
  after("issued-changed", "the time of issue", { issued: record.issued - 1n });
  after("expires-changed", "the expiry", { expires: record.expires + 1n });
  after("value-changed", "the value", { value: utf8("sunnz") });
  after("value-emptied", "the value, to none", { value: filled(0) });
  after("made-tombstone", "the flag, and the value", { flags: 1, value: filled(0) });
  const owned = splitTableRecord(tableRecord({}, { ...ownedParts, key: sharedParts.key, kind: 1 }));
  reject("kind-changed", "BAD_SIGNATURE table.record.signature", "a shared record made an owned one", tableRecord({ key: ownedParts.key, signature: owned.signature }, ownedParts));
  return set.file;
}

function clocks(): VectorFile {
  const set = new VectorSet("tablerecord", "clock", "Records against the clock: expired, or too far ahead");
  const { accept, reject } = judged(set);
  const [shared, owned, immutable, tombstone] = [sharedParts, ownedParts, immutableParts, tombstoneParts].map((of) => tableRecord({}, of)) as [Bytes, Bytes, Bytes, Bytes]; // prettier-ignore
  const end = NOW + HOUR;
  const [expired, future] = ["table.record.expired", "table.record.future"];
  for (const [name, record] of Object.entries({ shared, owned, immutable })) {
    accept(`last-moment-${name}`, expired, "1 ms before its expiry", record, end - 1n);
    reject(`expired-${name}`, `EXPIRED ${expired}`, "at its expiry", record, end);
    reject(`long-expired-${name}`, `EXPIRED ${expired}`, "a year later", record, end + 365n * 86_400_000n);
    accept(`issued-ahead-${name}`, future, "issued ten minutes after the clock", record, NOW - AHEAD);
    reject(`future-${name}`, `FUTURE ${future}`, "issued ten minutes and 1 ms after the clock", record, NOW - AHEAD - 1n);
  }
  const tombstoneEnd = NOW + WEEK + EXTRA;
  accept("tombstone-past-expiry", expired, "a tombstone whose expiry has passed, within its time", tombstone, end);
  accept("tombstone-last-moment", expired, "1 ms before the end of its time", tombstone, tombstoneEnd - 1n);
  reject("tombstone-end", `EXPIRED ${expired}`, "a tombstone at the end of its time", tombstone, tombstoneEnd);
  const numbered = (sequence: bigint): Bytes => tableRecord({ sequence });
  accept("sequence-ahead", future, "numbered ten minutes after the clock", numbered((NOW + AHEAD) * 1000n));
  reject("sequence-future", `FUTURE ${future}`, "numbered ten minutes and 1 µs after the clock", numbered((NOW + AHEAD) * 1000n + 1n));
  reject("sequence-largest", `FUTURE ${future} int.u64.range`, "the largest sequence that there is: nobody could overwrite it", numbered(U64_MAX));
  reject("sequence-largest-tombstone", `FUTURE ${future}`, "deleted for ever", tableRecord({ sequence: U64_MAX }, tombstoneParts));
  accept("owned-sequence-ahead", future, "owned: any sequence", tableRecord({ sequence: U64_MAX }, ownedParts));
  return set.file;
}

/** Of two defects the one that is looked at first gives the code; and what another descriptor says. */
function order(): VectorFile {
  const set = new VectorSet("tablerecord", "order", "The order of the checks, and networks with other limits");
  const { reject } = judged(set);
  const late = NOW + 2n * HOUR;
  const forged = { signature: filled(64, 1) };
  reject("value-before-owner", "TOO_LARGE table.record.value", "too long, and of another writer", tableRecord({ value: filled(65_537), seed: bob.seed }, ownedParts));
  reject("tombstone-before-value", "MALFORMED table.record.tombstone", "a tombstone with a value that is too long", tableRecord({ value: filled(65_537) }, tombstoneParts));
  reject("value-before-lifetime", "TOO_LARGE table.record.value", "too long, and of too long a life", tableRecord({ value: filled(65_537), expires: NOW + WEEK + 1n }));
  reject("lifetime-before-owner", "MALFORMED table.record.lifetime", "no life, and of another writer", tableRecord({ expires: NOW, seed: bob.seed }, ownedParts));
  reject("owner-before-signature", "BAD_KEY table.record.owner", "of another writer, with a wrong signature", tableRecord({ ...forged, seed: bob.seed }, ownedParts));
  reject("signature-before-expired", "BAD_SIGNATURE table.record.signature", "forged, and expired", tableRecord(forged), late);
  reject("signature-before-future", "BAD_SIGNATURE table.record.signature", "forged, and numbered too far ahead", tableRecord({ ...forged, sequence: U64_MAX }));
  reject("expired-before-future", "EXPIRED table.record.expired", "expired, and numbered too far ahead", tableRecord({ sequence: U64_MAX }), late);
  const inTight = judged(set, tight);
  const of = { ...sharedParts, networkId: tight.id };
  inTight.accept("tight", "table.record.value table.record.lifetime", "as much as a network of small values allows", tableRecord({ value: filled(128) }, of));
  inTight.reject("tight-value", "TOO_LARGE table.record.value", "one byte more than max_value", tableRecord({ value: filled(129) }, of));
  inTight.reject("tight-lifetime", "MALFORMED table.record.lifetime", "1 ms more than max_ttl", tableRecord({ expires: NOW + HOUR + 1n }, of));
  const gone = tableRecord({}, { ...tombstoneParts, networkId: tight.id });
  inTight.accept("tight-tombstone", "table.record.expired", "within the time of a tombstone there", gone, NOW + HOUR + EXTRA - 1n);
  inTight.reject("tight-tombstone-end", "EXPIRED table.record.expired", "at its end", gone, NOW + HOUR + EXTRA);
  return set.file;
}

export const tableRecordVectors = (): VectorFile[] => [accepted(), refusedParts(), misuse(), signatures(), clocks(), order()];
