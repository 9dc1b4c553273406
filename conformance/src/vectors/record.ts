// Vectors of the peer record (1.6).
import {
  buildRecord,
  concat,
  domainHash,
  encodeMessage,
  filled,
  flipped,
  fromHex,
  layMessage,
  lengthField,
  nodeIdOf,
  sign,
  toHex,
  uint,
  U64_MAX,
  utf8,
  varintField,
  type Bytes,
  type MessageValue,
  type RecordParts,
} from "../golden/index.js";
import { withLargeS } from "./signature-forge.js";
import type { VectorFile } from "./types.js";
import { decoding, truncations, VectorSet } from "./vector-set.js";
import { alice, badKeys, bob, BODY, demo, HOUR, NOW, other, work, worker, type Network } from "./world.js";

const DAY = 86_400_000n;
const base: RecordParts = { seed: alice.seed, networkId: demo.id, issued: NOW, expires: NOW + HOUR, incarnation: NOW, body: BODY };
const subjectOf = (network: Network): ReturnType<typeof decoding> => decoding("record", { network: toHex(network.descriptor) });
const subject = subjectOf(demo);
const make = (changes: Partial<RecordParts> = {}): Bytes => buildRecord({ ...base, ...changes });

function encoding(changes: Partial<RecordParts> = {}, network = demo): Record<string, unknown> {
  const { seed, issued, expires, incarnation, body = filled(0) } = { ...base, ...changes };
  const times = { issued: `${issued}`, expires: `${expires}`, incarnation: `${incarnation}` };
  return { type: "record", seed: toHex(seed), network: toHex(network.descriptor), ...times, body: toHex(body) };
}

const bodyOf = (value: MessageValue): Bytes => encodeMessage("PeerRecordBody", value);
const address = (size: number): string => "a".repeat(size);

/** A body that makes the record exactly this long, by an unknown field. */
function filledBody(size: number): Bytes {
  const room = size - 120 - 4;
  return lengthField(900, filled(room, 1));
}

function accepted(): VectorFile {
  const set = new VectorSet("record", "accepted", "Records, both ways");
  const accept = (name: string, changes: Partial<RecordParts>, rules: readonly string[], comment: string): void => {
    set.accept(name, subject.op, subject.input(make(changes)), { rules, comment });
    set.accept(`encode-${name}`, "codec.encode", encoding(changes), { rules, comment });
  };
  accept("plain", {}, ["record.signature", "record.key"], "one address and one feature");
  accept("empty-body", { body: filled(0) }, ["record.size", "record.body"], "120 bytes, the shortest record");
  accept("bob", { seed: bob.seed }, ["record.signature"], "of another node");
  const addresses = Array.from({ length: 8 }, (_, index) => `tcp://192.0.2.${index + 1}:7000`);
  accept("eight-addresses", { body: bodyOf({ addresses }) }, ["record.body"], "as many addresses as there may be");
  accept("unknown-field", { body: concat(BODY, varintField(900, 1)) }, ["record.body"], "a body with an unknown field, kept as it is");
  accept("over-long-varint", { body: varintField(2, 5, 10) }, ["record.body"], "a body that is not encoded in the shortest way");
  accept("longest", { body: filledBody(1024) }, ["record.size"], "1,024 bytes, the longest record");
  accept("lifetime-1", { expires: NOW + 1n }, ["record.lifetime"], "a life of 1 ms");
  accept("lifetime-day", { expires: NOW + DAY }, ["record.lifetime"], "the longest life");
  accept("zero-times", { issued: 0n, expires: 1n, incarnation: 0n }, ["record.lifetime"], "issued in 1970, expired long ago");
  accept("last-times", { issued: U64_MAX - 1n, expires: U64_MAX, incarnation: U64_MAX }, ["int.u64.range"], "the last moments there are");
  const strange = ["banana", "tcp://999.1.1.1:0", "tcp://192.0.2.1:007000", "wss://example.net/motet", " "];
  accept("strange-addresses", { body: bodyOf({ addresses: strange }) }, ["record.addresses"], "addresses that nobody can dial");
  const strong = worker(8);
  const input = subjectOf(work).input(make({ seed: strong.seed, networkId: work.id }));
  set.accept("enough-work", "codec.decode", input, { rules: ["id.work.record"], comment: "8 bits of work where 8 are wanted" });
  const more = subjectOf(work).input(make({ seed: worker(9).seed, networkId: work.id }));
  set.accept("more-work", "codec.decode", more, { rules: ["id.work.record"], comment: "9 bits of work where 8 are wanted" });
  return set.file;
}

function refusedParts(): VectorFile {
  const set = new VectorSet("record", "refused", "Sizes, keys, times, bodies and work that are refused");
  const reject = (name: string, bytes: Bytes, rule: string, comment: string, control = "plain"): void =>
    set.reject(name, subject.op, subject.input(bytes), "BAD_RECORD", { rules: rule.split(" "), comment, control });
  const shortest = make({ body: filled(0) });
  truncations(set, subject, shortest, { name: "truncated", control: "empty-body", rules: ["record.size"], code: "BAD_RECORD" });
  reject("too-long", make({ body: filledBody(1025) }), "record.size", "1,025 bytes", "longest");
  for (const { name, bytes, comment } of badKeys()) {
    reject(`key-${name}`, make({ nodeId: bytes }), "record.key", `node id: ${comment}`);
  }
  const times: readonly (readonly [string, Partial<RecordParts>, string, string])[] = [
    ["lifetime-0", { expires: NOW }, "record.lifetime", "expires when it is issued"],
    ["lifetime-negative", { expires: NOW - 1n }, "record.lifetime", "expires before it is issued"],
    ["lifetime-too-long", { expires: NOW + DAY + 1n }, "record.lifetime", "1 ms more than the longest life"],
    ["lifetime-far", { issued: 0n, expires: U64_MAX }, "record.lifetime", "from 1970 to the end of time"],
    ["issued-range", { issued: U64_MAX + 1n, expires: U64_MAX + 2n }, "int.u64.range", "issued and expires above 2^63 − 1"],
    ["expires-range", { issued: U64_MAX, expires: U64_MAX + 1n }, "int.u64.range", "expires above 2^63 − 1"],
    ["incarnation-range", { incarnation: U64_MAX + 1n }, "int.u64.range", "incarnation above 2^63 − 1"],
    ["incarnation-max", { incarnation: 2n ** 64n - 1n }, "int.u64.range", "incarnation 2^64 − 1"],
  ];
  for (const [name, changes, rule, comment] of times) {
    reject(name, make(changes), rule, comment);
    const about = { rules: [rule], comment, control: "encode-plain" };
    set.reject(`misuse-${name}`, "codec.encode", encoding(changes), "MISUSE", about);
  }
  const weak = subjectOf(work).input(make({ seed: worker(7).seed, networkId: work.id }));
  set.reject("too-little-work", "codec.decode", weak, "BAD_RECORD", { rules: ["id.work.record"], comment: "7 bits of work where 8 are wanted", control: "enough-work" });
  const none = subjectOf(work).input(make({ seed: worker(0).seed, networkId: work.id }));
  set.reject("no-work", "codec.decode", none, "BAD_RECORD", { rules: ["id.work.record"], comment: "no work where 8 bits are wanted", control: "enough-work" });
  bodies(reject);
  return set.file;
}

type Reject = (name: string, bytes: Bytes, rule: string, comment: string) => void;

function bodies(reject: Reject): void {
  const lay = (value: MessageValue): Bytes => layMessage("PeerRecordBody", value);
  const defects: Readonly<Record<string, readonly [Bytes, string]>> = {
    "body-cut": [BODY.slice(0, -1), "the body ends inside a field"],
    "body-group": [concat(BODY, Uint8Array.of(0x1b)), "a group"],
    "body-field-zero": [concat(BODY, varintField(0, 1)), "field number 0"],
    "body-wire-type": [varintField(1, 1), "an address as a varint"],
    "body-varint": [varintField(2, 1, 11), "a varint of eleven bytes"],
    "body-utf8": [lengthField(1, fromHex("ff")), "an address that is no UTF-8"],
    "body-nine-addresses": [lay({ addresses: Array.from({ length: 9 }, () => "tcp://192.0.2.1:1") }), "nine addresses"],
    "body-empty-address": [lay({ addresses: [""] }), "an empty address"],
    "body-long-address": [lay({ addresses: [address(257)] }), "an address of 257 bytes"],
    "body-address-newline": [lay({ addresses: ["tcp://192.0.2.1:1\n"] }), "a line end in an address"],
    "body-address-unicode": [lay({ addresses: ["tcp://\u00e9xample:1"] }), "an address beyond ASCII"],
    "body-65-features": [lay({ features: Array.from({ length: 65 }, () => 1) }), "65 features"],
    "body-garbage": [filled(20, 0xff), "no Protobuf at all"],
  };
  for (const [name, [body, comment]] of Object.entries(defects)) {
    // An address is judged by the bounds of its bytes, and by nothing else.
    const rules = name.includes("address") ? "record.body record.addresses" : "record.body";
    reject(name, make({ body }), rules, comment);
  }
}

function signatures(): VectorFile {
  const set = new VectorSet("record", "signature", "Signatures of records that are refused");
  const bytes = make();
  const signature = bytes.slice(-64);
  const reject = (name: string, defect: Bytes, comment: string): void =>
    set.reject(name, subject.op, subject.input(defect), "BAD_RECORD", { rules: ["record.signature"], comment, control: "plain" });
  for (let at = 0; at < 64; at++) {
    reject(`signature-flipped@${at}`, flipped(bytes, bytes.length - 64 + at, 1 << (at % 8)), `one bit of byte ${at} of the signature`);
  }
  reject("signature-s-plus-l", concat(bytes.slice(0, -64), withLargeS(signature, 1n)), "S + L");
  reject("signature-other-node", make({ nodeId: bob.id }), "the node id of another node");
  reject("signature-other-network", make({ networkId: other.id }), "signed for another network");
  for (const [name, at] of [["issued", 39], ["expires", 47], ["incarnation", 55], ["body", 60]] as const) {
    reject(`signature-${name}-changed`, flipped(bytes, at), `${name} changed after signing`);
  }
  const digest = domainHash("motet/1 peer", demo.id, alice.id, uint(NOW, 8), uint(NOW + HOUR, 8), uint(NOW, 8), BODY);
  reject("signature-body-not-hashed", make({ signature: sign(alice.seed, "motet/1 peer", digest) }), "the body in the digest in place of its hash");
  const domain = make({ signature: sign(alice.seed, "motet/1 message", filled(32)) });
  reject("signature-other-domain", domain, "a signature of another domain");
  reject("signature-by-other", make({ signature: buildRecord({ ...base, seed: bob.seed, nodeId: nodeIdOf(alice.seed) }).slice(-64) }), "signed by another node");
  reject("signature-zero", make({ signature: filled(64) }), "64 zero bytes");
  reject("trailing", concat(bytes, utf8("x")), "a byte behind the signature, which moves it");
  return set.file;
}

export const recordVectors = (): VectorFile[] => [accepted(), refusedParts(), signatures()];
