// Vectors of the proto3 wire format (2.4): varints, keys, wire types, lengths, truncation, unknown fields, repetition, order.
import {
  concat,
  fieldKey,
  filled,
  FIXED32,
  FIXED64,
  layMessage,
  LENGTH,
  lengthField,
  packedField,
  utf8,
  VARINT,
  varint,
  varintField,
  type Bytes,
} from "../golden/index.js";
import { fieldNumber, full } from "./messages.js";
import type { VectorFile } from "./types.js";
import { decoding, truncations, VectorSet, type Subject } from "./vector-set.js";

const goodbye = decoding("message", {}, { name: "Goodbye" });
const body = decoding("message", {}, { name: "PeerRecordBody" });
const hello = decoding("message", {}, { name: "Hello" });
const CODE = fieldNumber("Goodbye", "code");
const TEXT = fieldNumber("Goodbye", "text");
const FEATURES = fieldNumber("PeerRecordBody", "features");
const code = varintField(CODE, 101);
const text = lengthField(TEXT, utf8("bye"));
const whole = concat(code, text);
const CONTROL = "whole";

/** `rules` are separated by spaces. */
type Row = readonly [name: string, bytes: Bytes, rules: string, comment: string];

function addRows(set: VectorSet, subject: Subject, rows: readonly Row[], control?: string): void {
  for (const [name, bytes, rule, comment] of rows) {
    const about = { rules: rule.split(" "), comment };
    if (control === undefined) set.accept(name, subject.op, subject.input(bytes), about);
    else set.reject(name, subject.op, subject.input(bytes), "MALFORMED", { ...about, control });
  }
}

const key = (number: number | bigint, wireType: number, width: number): Bytes =>
  varint((BigInt(number) << 3n) | BigInt(wireType), width);

function varints(): VectorFile {
  const set = new VectorSet("payload", "varint", "Varints: up to ten bytes, bits above the width dropped, keys and lengths at full width");
  const plain = ["payload.varint", "payload.truncated", "payload.group", "payload.field.number"];
  set.accept(CONTROL, goodbye.op, goodbye.input(whole), { rules: plain, comment: "code 101 and a text" });
  const long = [2, 3, 4, 5, 9, 10].map((width): Row => [`long-value-${width}`, concat(varintField(CODE, 101, width), text), "payload.varint.long", `the code in ${width} bytes`]);
  addRows(set, goodbye, [
    ...long,
    ["long-key", concat(key(CODE, VARINT, 10), varint(101), text), "payload.varint.long", "a key in ten bytes"],
    ["long-length", concat(code, fieldKey(TEXT, LENGTH), varint(3, 10), utf8("bye")), "payload.varint.long", "a length in ten bytes"],
    ["width-32", varintField(CODE, 2n ** 32n + 101n), "payload.varint.width", "2^32 + 101: the low 32 bits are 101"],
    ["width-64", varintField(CODE, 2n ** 63n + 101n), "payload.varint.width", "2^63 + 101: the low 32 bits are 101"],
    ["width-70", varintField(CODE, 2n ** 69n + 101n), "payload.varint.width", "2^69 + 101, ten bytes: the low 32 bits are 101"],
    ["width-unknown", concat(whole, varintField(99, 2n ** 69n)), "payload.varint.width", "an unknown field of 70 bits"],
  ]);
  addRows(
    set,
    goodbye,
    [
      ["varint-11-value", concat(varintField(CODE, 101, 11), text), "payload.varint payload.varint.long", "a value in eleven bytes"],
      ["varint-11-key", concat(key(CODE, VARINT, 11), varint(101), text), "payload.varint", "a key in eleven bytes"],
      ["varint-11-length", concat(code, fieldKey(TEXT, LENGTH), varint(3, 11), utf8("bye")), "payload.varint", "a length in eleven bytes"],
      ["varint-11-unknown", concat(whole, varintField(99, 1, 11)), "payload.varint", "an unknown field in eleven bytes"],
      ["varint-endless", concat(whole, filled(4096, 0x80)), "payload.varint", "4,096 bytes that all go on"],
      ["width-32-zero", varintField(CODE, 2n ** 32n), "payload.varint.width", "2^32: the low 32 bits are 0, which is no code"],
      ["key-zero", concat(whole, varintField(0, 1)), "payload.field.number", "field number 0"],
      ["key-zero-length", concat(whole, lengthField(0, utf8("x"))), "payload.field.number", "field number 0, length-delimited"],
      ["key-2-29", concat(whole, varintField(2 ** 29, 1)), "payload.field.number", "field number 2^29"],
      ["key-2-32-code", concat(key(2 ** 32 + CODE, VARINT, 0), varint(101)), "payload.field.number", "2^32 + 1: not field 1"],
      ["key-2-61", concat(whole, key(2n ** 61n + 1n, VARINT, 0), varint(101)), "payload.field.number", "2^61 + 1: a key of more than 64 bits, nothing of it is dropped"],
      ["key-2-66", concat(whole, key(2n ** 66n + 1n, VARINT, 0), varint(101)), "payload.field.number", "2^66 + 1: the longest key"],
    ],
    CONTROL,
  );
  addRows(set, goodbye, [["key-largest", concat(whole, varintField(2 ** 29 - 1, 1)), "payload.field.number", "the largest field number is unknown, and fine"]]);
  wide(set);
  return set.file;
}

/** Widths of a u64, in HELLO. */
function wide(set: VectorSet): void {
  const base = layMessage("Hello", { ...full.Hello, clockMs: 0n });
  const clock = (value: bigint): Bytes => concat(base, varintField(fieldNumber("Hello", "clockMs"), value));
  addRows(set, hello, [
    ["u64-largest", clock(2n ** 63n - 1n), "int.u64.range", "the largest u64"],
    ["u64-width", clock(2n ** 64n + 7n), "payload.varint.width", "2^64 + 7: the low 64 bits are 7"],
    ["u64-width-70", clock(2n ** 69n + 2n ** 65n + 7n), "payload.varint.width", "all bits above 64 are dropped"],
  ]);
  addRows(
    set,
    hello,
    [
      ["u64-2-63", clock(2n ** 63n), "int.u64.range", "2^63"],
      ["u64-max", clock(2n ** 64n - 1n), "int.u64.range", "2^64 − 1"],
      ["u64-width-range", clock(2n ** 64n + 2n ** 63n), "int.u64.range", "2^64 + 2^63: the low 64 bits are out of range"],
    ],
    "u64-largest",
  );
}

function wireTypes(): VectorFile {
  const set = new VectorSet("payload", "wire-type", "Wire types of known and unknown fields, packed and one by one");
  const bodyWhole = layMessage("PeerRecordBody", full.PeerRecordBody);
  set.accept("body", body.op, body.input(bodyWhole), { rules: ["payload.wire.type"], comment: "addresses and features" });
  const wrong: readonly Row[] = [
    ["code-length", concat(lengthField(CODE, varint(101)), text), "payload.wire.type", "the code, length-delimited: no packed form for a single number"],
    ["code-fixed32", concat(fieldKey(CODE, FIXED32), filled(4, 101), text), "payload.wire.type", "the code as 32 fixed bits"],
    ["code-fixed64", concat(fieldKey(CODE, FIXED64), filled(8, 101), text), "payload.wire.type", "the code as 64 fixed bits"],
    ["text-varint", concat(code, varintField(TEXT, 3)), "payload.wire.type", "the text as a varint"],
    ["text-fixed32", concat(code, fieldKey(TEXT, FIXED32), utf8("byes")), "payload.wire.type", "the text as 32 fixed bits"],
    ["text-fixed64", concat(code, fieldKey(TEXT, FIXED64), utf8("bye-byes")), "payload.wire.type", "the text as 64 fixed bits"],
    ["code-twice-wrong", concat(lengthField(CODE, varint(101)), whole), "payload.wire.type", "once wrong, then right"],
  ];
  addRows(set, goodbye, wrong, CONTROL);
  const groups = [3, 4, 6, 7].flatMap((wireType) => [
    [`known-${wireType}`, concat(whole, fieldKey(CODE, wireType)), "payload.group", `wire type ${wireType} of a known field`] as Row,
    [`unknown-${wireType}-empty`, concat(whole, fieldKey(99, wireType), Uint8Array.of(0)), "payload.group", `wire type ${wireType} of an unknown field, then a byte that would be a length of 0`] as Row,
    [`unknown-${wireType}`, concat(whole, fieldKey(99, wireType)), "payload.group", `wire type ${wireType} of an unknown field`] as Row,
  ]);
  addRows(
    set,
    goodbye,
    [
      ...groups,
      ["group-closed", concat(whole, fieldKey(99, 3), varintField(1, 1), fieldKey(99, 4)), "payload.group", "a whole group"],
      ["group-bomb", concat(whole, ...Array.from({ length: 1000 }, () => fieldKey(99, 3))), "payload.group", "1,000 groups in each other"],
    ],
    CONTROL,
  );
  packed(set);
  return set.file;
}

/** Repeated numbers. */
function packed(set: VectorSet): void {
  const one = (value: number): Bytes => varintField(FEATURES, value);
  addRows(set, body, [
    ["packed", packedField(FEATURES, [1, 5, 300]), "payload.packed", "packed"],
    ["one-by-one", concat(one(1), one(5), one(300)), "payload.packed", "one by one"],
    ["packed-mixed", concat(one(1), packedField(FEATURES, [5, 7]), one(300)), "payload.packed", "both, in the order of the bytes"],
    ["packed-empty", packedField(FEATURES, []), "payload.packed", "packed, no entry"],
    ["packed-long", lengthField(FEATURES, varint(5, 10)), "payload.packed", "a packed varint in ten bytes"],
    ["packed-width", lengthField(FEATURES, varint(2n ** 32n + 5n)), "payload.varint.width", "a packed number of 33 bits"],
  ]);
  addRows(
    set,
    body,
    [
      ["packed-cut", lengthField(FEATURES, Uint8Array.of(1, 0x85)), "payload.truncated payload.packed", "the packed field ends inside a varint"],
      ["packed-11", lengthField(FEATURES, varint(5, 11)), "payload.varint", "a packed varint in eleven bytes"],
      ["packed-fixed32", concat(fieldKey(FEATURES, FIXED32), filled(4, 1)), "payload.wire.type", "a repeated number as 32 fixed bits"],
      ["address-varint", varintField(1, 1), "payload.wire.type", "a repeated string as a varint"],
      ["packed-too-many", packedField(FEATURES, Array.from({ length: 65 }, () => 1)), "payload.bounds payload.packed", "65 packed entries"],
      ["mixed-too-many", concat(packedField(FEATURES, Array.from({ length: 64 }, () => 1)), one(1)), "payload.bounds", "64 packed entries and one more"],
    ],
    "body",
  );
}

function truncated(): VectorFile {
  const set = new VectorSet("payload", "truncated", "Payloads that end inside a field, and lengths that lie");
  const rules = ["payload.truncated"];
  const cut = { name: "goodbye-truncated", control: CONTROL, rules, code: "MALFORMED", from: 1, valid: [code.length] };
  truncations(set, goodbye, whole, cut);
  const proof = decoding("message", {}, { name: "Proof" });
  const proofBytes = layMessage("Proof", full.Proof);
  const also = ["payload.truncated", "session.proof.decode"];
  truncations(set, proof, proofBytes, { name: "proof-truncated", control: "proof-full", rules: also, code: "MALFORMED" });
  const bodyBytes = layMessage("PeerRecordBody", full.PeerRecordBody);
  const ends = new Set([22, 48, 50]);
  truncations(set, body, bodyBytes, { name: "body-truncated", control: "body", rules, code: "MALFORMED", from: 1, valid: [...ends] });
  const lying = (length: number | bigint): Bytes => concat(code, lengthField(TEXT, utf8("bye"), length));
  const lengths = [4, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 + 3, 2n ** 63n, 2n ** 64n + 3n, 2n ** 69n + 3n];
  addRows(set, goodbye, lengths.map((length): Row => [`length-${length}`, lying(length), "payload.truncated", `three bytes where ${length} are announced`]), CONTROL);
  addRows(
    set,
    goodbye,
    [
      ["unknown-fixed32-cut", concat(whole, fieldKey(99, FIXED32), filled(3)), "payload.truncated payload.unknown", "three of four bytes of an unknown field"],
      ["unknown-fixed64-cut", concat(whole, fieldKey(99, FIXED64), filled(7)), "payload.truncated", "seven of eight bytes of an unknown field"],
      ["unknown-length-cut", concat(whole, lengthField(99, filled(3), 4)), "payload.truncated", "an unknown field cut short"],
      ["unknown-length-huge", concat(whole, lengthField(99, filled(3), 2n ** 64n + 3n)), "payload.truncated", "an unknown field of 2^64 + 3 bytes"],
      ["key-alone", concat(whole, fieldKey(99, VARINT)), "payload.truncated", "a key and nothing behind it"],
      ["key-cut", concat(whole, Uint8Array.of(0x88)), "payload.truncated", "a key that goes on"],
      ["length-less", lying(2), "payload.truncated", "a length one too small: what is left is no field"],
    ],
    CONTROL,
  );
  return set.file;
}

function freedoms(): VectorFile {
  const set = new VectorSet("payload", "freedoms", "What a receiver takes: unknown fields, repetitions, any order");
  const unknown = (name: string, bytes: Bytes, comment: string): Row => [`unknown-${name}`, bytes, "payload.unknown", comment];
  addRows(set, goodbye, [
    unknown("varint", concat(varintField(15, 7), whole), "before the others"),
    unknown("length", concat(code, lengthField(900, utf8("grease")), text), "between the others"),
    unknown("fixed32", concat(whole, fieldKey(999, FIXED32), filled(4, 1)), "32 fixed bits"),
    unknown("fixed64", concat(whole, fieldKey(999, FIXED64), filled(8, 1)), "64 fixed bits"),
    unknown("not-utf8", concat(whole, lengthField(77, filled(4, 0xff))), "bytes that are no UTF-8"),
    unknown("empty", concat(whole, lengthField(77, filled(0))), "an unknown field of length 0"),
    unknown("many", concat(...Array.from({ length: 500 }, (_, index) => varintField(100 + index, index)), whole), "500 unknown fields"),
    unknown("large", concat(lengthField(77, filled(3000, 1)), whole), "3,000 bytes"),
    unknown("reserved-number", concat(varintField(19_500, 1), whole), "a number that Protobuf keeps for itself"),
    ["order-reversed", concat(text, code), "payload.order", "the text first"],
    ["last-code", concat(varintField(CODE, 102), text, code), "payload.last", "two codes: the last one"],
    ["last-text", concat(lengthField(TEXT, utf8("first")), whole), "payload.last", "two texts: the last one"],
    ["last-empty", concat(whole, lengthField(TEXT, filled(0))), "payload.last", "the last text is empty"],
    ["last-good", concat(varintField(CODE, 5), code), "payload.last", "a code out of bounds, then a good one"],
    ["explicit-empty", concat(code, lengthField(TEXT, filled(0))), "payload.bounds", "an empty text that is sent"],
  ]);
  addRows(
    set,
    goodbye,
    [
      ["order-reversed-bad", concat(text, varintField(CODE, 5)), "payload.order payload.bounds", "the text first, and a code out of bounds"],
      ["last-bad", concat(code, varintField(CODE, 5)), "payload.last", "a good code, then one out of bounds"],
      ["last-zero", concat(whole, varintField(CODE, 0)), "payload.last", "a good code, then 0"],
      ["empty", filled(0), "payload.bounds", "nothing at all: the code is 0"],
      ["unknown-only", varintField(99, 1), "payload.bounds", "only an unknown field: the code is 0"],
    ],
    CONTROL,
  );
  const ping = decoding("message", {}, { name: "Ping" });
  addRows(set, ping, [
    ["ping-empty", filled(0), "payload.bounds", "PING has no fields"],
    ["ping-unknown", varintField(1, 1), "payload.unknown", "a field in PING is unknown"],
  ]);
  addRows(set, ping, [["ping-cut", Uint8Array.of(8), "payload.truncated", "an unknown field of PING, cut short"]], "ping-unknown");
  return set.file;
}

export const payloadWireVectors = (): VectorFile[] => [varints(), wireTypes(), truncated(), freedoms()];
