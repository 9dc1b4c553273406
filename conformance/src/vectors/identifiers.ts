// Vectors of node ids, their texts and network ids' texts (1.1, 1.3), and of work (1.5).
import { BECH32, encodeFives, encodeText, formatNetworkId, formatNodeId, fromHex, toFives, toHex, type Bytes } from "../golden/index.js";
import type { VectorFile } from "./types.js";
import { VectorSet } from "./vector-set.js";
import { alice, badKeys, bob, demo, seedOf, worker } from "./world.js";

const DECODE = ["id.text.decode"];

interface Kind {
  readonly type: "nodeIdText" | "networkIdText";
  readonly part: string;
  readonly bytes: Bytes;
}

const kinds: readonly Kind[] = [
  { type: "nodeIdText", part: "motet", bytes: alice.id },
  { type: "networkIdText", part: "motetnet", bytes: demo.id },
];

/** Texts that are wrong, made from a right one: the reason each is wrong for stands with it. */
function wrongTexts({ part, bytes }: Kind): (readonly [string, string, string])[] {
  const text = encodeText(part, bytes);
  const fives = toFives(bytes);
  const start = part.length + 1;
  const change = (at: number, character: string): string => text.slice(0, at) + character + text.slice(at + 1);
  const swap = (at: number): string => change(at, text.charAt(at) === "q" ? "p" : "q");
  const otherPart = part === "motet" ? "motetnet" : "motet";
  return [
    ["upper-case", text.toUpperCase(), "upper case, which plain Bech32m allows"],
    ["mixed-case", change(start, text.charAt(start).toUpperCase()), "one upper-case letter or digit changed"],
    ["upper-case-part", part.toUpperCase() + text.slice(part.length), "upper-case human-readable part"],
    ["other-part", encodeText(otherPart, bytes), "the other kind of id"],
    ["foreign-part", encodeText("bc", bytes), "a human-readable part of something else"],
    ["bech32", encodeFives(part, fives, BECH32), "the checksum of plain Bech32"],
    ["empty", "", "no text at all"],
    ["part-only", `${part}1`, "nothing behind the separator"],
    ["no-separator", text.replace("1", ""), "the separator is missing"],
    ["space-before", ` ${text}`, "a space before"],
    ["space-behind", `${text} `, "a space behind"],
    ["newline-behind", `${text}\n`, "a line end behind"],
    ["character-less", text.slice(0, -1), "one character less"],
    ["character-more", `${text}q`, "one character more"],
    ["bytes-31", encodeText(part, bytes.slice(1)), "31 bytes with a right checksum"],
    ["bytes-33", encodeText(part, Uint8Array.of(0, ...bytes)), "33 bytes with a right checksum"],
    ["hex", toHex(bytes), "the same bytes in hexadecimal"],
    ...["b", "i", "o", "1", "-", "\u00e9"].map((one) => [`foreign-${one.charCodeAt(0)}`, change(start + 7, one), "a foreign character"] as const),
    ...[0, 1, 25, 50, 51].map((at) => [`data-changed@${at}`, swap(start + at), `character ${at} of the data is another`] as const),
    ...[52, 53, 54, 55, 56, 57].map((at) => [`checksum-changed@${at}`, swap(start + at), "a character of the checksum is another"] as const),
    ...[1, 2, 4, 8, 15].map((bits) => [`padding-${bits}`, encodeFives(part, toFives(bytes, bits)), "padding bits that are not zero"] as const),
  ];
}

function texts(kind: Kind, name: string): VectorFile {
  const set = new VectorSet("id", name, `Text of ids: ${kind.part}1…`);
  const others: readonly Bytes[] = [kind.bytes, kind.type === "nodeIdText" ? bob.id : new Uint8Array(32).fill(0xff)];
  others.forEach((bytes, index) => {
    const text = encodeText(kind.part, bytes);
    const comment = "32 bytes and their text";
    set.accept(`${name}-decode-${index}`, "codec.decode", { type: kind.type, text }, { rules: kind.type === "nodeIdText" ? [...DECODE, "id.text.key"] : DECODE, comment });
    const rules = ["id.text.encode"];
    set.accept(`${name}-encode-${index}`, "codec.encode", { type: kind.type, bytes: toHex(bytes) }, { rules, comment });
  });
  for (const [defect, text, comment] of wrongTexts(kind)) {
    const about = { rules: DECODE, comment, control: `${name}-decode-0` };
    set.reject(`${name}-${defect}`, "codec.decode", { type: kind.type, text }, "BAD_TEXT", about);
  }
  return set.file;
}

function badKeyTexts(): VectorFile {
  const set = new VectorSet("id", "key-texts", "Texts of 32 bytes that are no node id");
  const control = "node-text-decode-0";
  for (const { name, bytes, comment } of badKeys()) {
    const rules = ["id.text.key", "id.key.valid"];
    const text = formatNodeId(bytes);
    set.reject(`key-text-${name}`, "codec.decode", { type: "nodeIdText", text }, "BAD_KEY", { rules, comment, control });
  }
  const [first] = badKeys();
  const zeros = first?.bytes ?? new Uint8Array(32);
  const broken = `${formatNodeId(zeros).slice(0, -1)}q`;
  const about = { rules: ["id.text.key", "id.text.decode"], comment: "no node id, and a wrong checksum, which comes first", control };
  set.reject("key-text-checksum-first", "codec.decode", { type: "nodeIdText", text: broken }, "BAD_TEXT", about);
  set.reject("key-text-encode", "codec.encode", { type: "nodeIdText", bytes: toHex(zeros) }, "BAD_KEY", {
    rules: ["id.key.valid"],
    comment: "no node id, so it has no text",
    control: "node-text-encode-0",
  });
  const network = { rules: ["id.text.decode"], comment: "32 zero bytes are no node id, but a network id may be anything" };
  set.accept("network-text-zeros", "codec.decode", { type: "networkIdText", text: formatNetworkId(zeros) }, network);
  return set.file;
}

const RFC_SEEDS: readonly (readonly [string, string, string])[] = [
  ["rfc8032-1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"],
  ["rfc8032-2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"],
  ["rfc8032-3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"],
];

function keysAndWork(): VectorFile {
  const set = new VectorSet("id", "derive", "Node ids of seeds, and work of node ids");
  for (const [name, seed, bytes] of RFC_SEEDS) {
    const about = { rules: ["id.key.valid"], comment: "public key of a test of RFC 8032, section 7.1", source: "RFC 8032" };
    set.accept(`node-id-${name}`, "codec.derive", { type: "nodeId", seed: toHex(fromHex(seed)) }, about, { bytes });
  }
  const about = { rules: ["id.key.valid"], comment: "public key of a seed" };
  set.accept("node-id-alice", "codec.derive", { type: "nodeId", seed: toHex(seedOf("alice")) }, about);
  for (const bits of [0, 1, 4, 7, 8, 9]) {
    const rules = ["id.work.record", "id.work.origin"];
    const input = { type: "work", nodeId: toHex(worker(bits).id) };
    const about = { rules, comment: `a node id of ${bits} bits of work`, control: bits === 8 ? "work-9" : "work-8" };
    set.accept(`work-${bits}`, "codec.derive", input, about, { bits });
  }
  return set.file;
}

export const identifierVectors = (): VectorFile[] => [
  texts(kinds[0] as Kind, "node-text"),
  texts(kinds[1] as Kind, "network-text"),
  badKeyTexts(),
  keysAndWork(),
];
