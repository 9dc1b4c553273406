// Vectors of the table's arithmetic (8.1, 8.3): ids and positions of keys, and which of two records is newer.
import { concat, filled, keyIdOf, sha256, splitTableRecord, tableDigestOf, toHex, U64_MAX, utf8 } from "../golden/index.js";
import type { Bytes, TableRecordParts } from "../golden/index.js";
import { immutableParts, ownedParts, sharedParts, tableRecord, tombstoneParts } from "./table-records.js";
import type { VectorFile } from "./types.js";
import { VectorSet } from "./vector-set.js";
import { alice, bob, demo, HOUR, NOW, other } from "./world.js";

const features = ["table"];

const keys: readonly (readonly [name: string, kind: number, key: Bytes])[] = [
  ["shared", 1, utf8("weather")],
  ["shared-one-byte", 1, filled(1)],
  ["shared-longest", 1, filled(1024, 0x61)],
  ["shared-unicode", 1, utf8("größe 大")],
  ["owned", 2, concat(alice.id, utf8("profile"))],
  ["owned-nameless", 2, alice.id],
  ["owned-longest", 2, concat(bob.id, filled(1024, 0x61))],
  ["immutable", 3, sha256(utf8("what is so, stays so"))],
  ["shared-like-immutable", 1, sha256(utf8("what is so, stays so"))],
];

function keyIds(): VectorFile {
  const set = new VectorSet("table", "key-id", "Ids of keys");
  for (const [name, kind, key] of keys) {
    for (const [where, { descriptor }] of Object.entries({ demo, other })) {
      const input = { type: "keyId", network: toHex(descriptor), kind, key: toHex(key) };
      const about = { rules: ["key.id"], comment: `${name.replaceAll("-", " ")} in the network ${where}`, features };
      set.accept(`key-${name}-${where}`, "codec.derive", input, about);
    }
  }
  return set.file;
}

function keyPositions(): VectorFile {
  const set = new VectorSet("table", "key-position", "Positions of keys");
  for (const [name, kind, key] of keys.slice(0, 5)) {
    const keyId = toHex(keyIdOf(demo.id, kind, key));
    for (const index of [0, 1, 2, 3, 4, 15]) {
      const about = { rules: ["key.position"], comment: `position ${index} of ${name.replaceAll("-", " ")}`, features };
      set.accept(`position-${name}-${index}`, "codec.derive", { type: "keyPosition", keyId, index }, about);
    }
  }
  return set.file;
}

const digestOf = (record: Bytes): string => toHex(tableDigestOf(demo.id, splitTableRecord(record)));

/** The first value of a row with which the digest is larger, or smaller, than that of `than`. */
function valueFor(isLarger: boolean, than: Bytes): Partial<TableRecordParts> {
  for (let count = 0; ; count++) {
    const value = utf8(`value ${count}`);
    if (digestOf(tableRecord({ value })) > digestOf(than) === isLarger) return { value };
  }
}

interface Row {
  readonly rule: string;
  readonly name: string;
  readonly a: Bytes;
  readonly b: Bytes;
  readonly newer: boolean;
  readonly comment: string;
}

function rows(): Row[] {
  const base = tableRecord();
  const { sequence, expires } = sharedParts;
  const shared = (changes: Partial<TableRecordParts>): Bytes => tableRecord(changes);
  const [larger, smaller] = [valueFor(true, base), valueFor(false, base)];
  const owned = (changes: Partial<TableRecordParts>): Bytes => tableRecord(changes, ownedParts);
  const pair = (rule: string, name: string, a: Bytes, b: Bytes, comment: string): Row[] => [
    { rule, name, a, b, newer: true, comment },
    { rule, name: `${name}-turned`, a: b, b: a, newer: false, comment: `${comment}, the other way round` },
  ];
  const [bySequence, byExpires, byDigest] = ["version.sequence", "version.expires", "version.digest"];
  const most = shared({ sequence: U64_MAX, ...smaller });
  return [
    ...pair(bySequence, "sequence", shared({ sequence: sequence + 1n }), base, "one more in the sequence"),
    ...pair(bySequence, "sequence-earlier-expiry", shared({ sequence: sequence + 1n, expires: expires - 1n }), base, "a larger sequence, but it expires earlier"),
    ...pair(bySequence, "sequence-earlier-issue", shared({ sequence: sequence + 1n, issued: NOW - 1n }), base, "a larger sequence, but issued earlier"),
    ...pair(bySequence, "sequence-smaller-digest", shared({ sequence: sequence + 2n ** 33n, ...smaller }), shared(larger), "a larger sequence, whatever the digest"),
    ...pair(bySequence, "sequence-largest", most, shared({ sequence: U64_MAX - 1n, ...larger }), "the largest sequences that there are"),
    ...pair(bySequence, "sequence-high-half", shared({ sequence: 2n ** 40n }), shared({ sequence: 2n ** 32n - 1n }), "sequences on both sides of 2^32"),
    ...pair(bySequence, "sequence-bob", shared({ sequence: sequence + 1n, seed: bob.seed }), base, "of another writer"),
    ...pair(bySequence, "sequence-owned", owned({ sequence: 10n }), owned({ sequence: 9n }), "owned: as numbers, not as text"),
    ...pair(bySequence, "tombstone", tableRecord({ sequence: sequence + 1n }, tombstoneParts), base, "a tombstone counts as any record"),
    ...pair(bySequence, "tombstone-older", shared({ sequence: sequence + 1n }), tableRecord({}, tombstoneParts), "a value written after a tombstone"),
    ...pair(byExpires, "expires", shared({ expires: expires + 1n }), base, "it expires one millisecond later"),
    ...pair(byExpires, "expires-smaller-digest", shared({ expires: expires + HOUR, ...smaller }), shared(larger), "it expires later, whatever the digest"),
    ...pair(byExpires, "expires-earlier-issue", shared({ expires: expires + 1n, issued: NOW - HOUR }), base, "it expires later, but was issued earlier"),
    ...pair(byDigest, "digest", shared(larger), base, "the larger digest"),
    ...pair(byDigest, "digest-smaller", base, shared(smaller), "the smaller digest"),
    ...pair(byDigest, "digest-sign", ...signPair(), "digests on both sides of 2^255: unsigned numbers"),
    { rule: byDigest, name: "same", a: base, b: base, newer: false, comment: "the same record" },
    { rule: byDigest, name: "same-immutable", a: tableRecord({}, immutableParts), b: tableRecord({}, immutableParts), newer: false, comment: "the same immutable record" },
    ...pair(byExpires, "immutable", tableRecord({ expires: expires + 1n }, immutableParts), tableRecord({}, immutableParts), "an immutable record that lives longer"),
  ];
}

/** Two records alike but for the value: the digest of the first begins with 8 or more, that of the second with less. */
function signPair(): [Bytes, Bytes] {
  const made = Array.from({ length: 32 }, (_, count) => tableRecord({ value: utf8(`sign ${count}`) }));
  const isHigh = (record: Bytes): boolean => digestOf(record) >= "8";
  const [high, low] = [made.find(isHigh), made.find((one) => !isHigh(one))];
  if (high === undefined || low === undefined) throw new Error("no two digests on both sides");
  return [high, low];
}

function versions(): VectorFile {
  const set = new VectorSet("table", "newer", "Which of two records is newer");
  const network = toHex(demo.descriptor);
  for (const { rule, name, a, b, newer, comment } of rows()) {
    const input = { type: "newer", network, a: toHex(a), b: toHex(b) };
    const control = newer ? "newer-sequence-turned" : "newer-sequence";
    set.accept(`newer-${name}`, "codec.derive", input, { rules: [rule], comment, features, control }, { holds: newer });
  }
  return set.file;
}

export const tableVectors = (): VectorFile[] => [keyIds(), keyPositions(), versions()];
