// Vectors of the preface (2.1) and of the choice of a version.
import { concat, encodePreface, flipped, PREFACE_V1, toHex, utf8, withByte, type Preface } from "../golden/index.js";
import type { VectorFile } from "./types.js";
import { decoding, truncations, VectorSet } from "./vector-set.js";

const MAGIC = ["preface.magic"];
const subject = decoding("preface");

function decodes(): VectorFile {
  const set = new VectorSet("preface", "decode", "Eight bytes: MOTET, lowest and highest version, 00");
  const versions: readonly (readonly [string, Preface])[] = [
    ["version-1", { lowest: 1, highest: 1 }],
    ["versions-1-to-3", { lowest: 1, highest: 3 }],
    ["all-versions", { lowest: 0, highest: 255 }],
    ["later-versions", { lowest: 2, highest: 9 }],
    ["lowest-above-highest", { lowest: 3, highest: 1 }],
  ];
  for (const [name, preface] of versions) {
    const about = { rules: MAGIC, comment: `versions ${preface.lowest} to ${preface.highest}, which decoding does not judge` };
    set.accept(name, subject.op, subject.input(encodePreface(preface)), about);
    set.accept(`encode-${name}`, "codec.encode", { type: "preface", ...preface }, { ...about, rules: ["preface.highest"] });
  }
  const control = "version-1";
  for (const at of [0, 1, 2, 3, 4]) {
    const about = { rules: MAGIC, comment: `one bit of byte ${at} is wrong`, control };
    set.reject(`magic-flipped@${at}`, subject.op, subject.input(flipped(PREFACE_V1, at, 0x20)), "NOT_MOTET", about);
  }
  for (const last of [1, 0x10, 0x80, 0xff]) {
    const about = { rules: MAGIC, comment: "the last byte is not 00", control };
    set.reject(`last-byte-${last}`, subject.op, subject.input(withByte(PREFACE_V1, 7, last)), "NOT_MOTET", about);
  }
  const others = { http: utf8("GET / HT"), tls: Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1), zeros: new Uint8Array(8), ssh: utf8("SSH-2.0-") };
  for (const [name, bytes] of Object.entries(others)) {
    set.reject(`other-protocol-${name}`, subject.op, subject.input(bytes), "NOT_MOTET", { rules: MAGIC, comment: "another protocol", control });
  }
  truncations(set, subject, PREFACE_V1, { name: "truncated", control, rules: MAGIC, code: "MALFORMED" });
  const ends = [
    ["short-wrong", utf8("MOX"), "NOT_MOTET", "cut short, and a byte that is there is wrong"],
    ["trailing", concat(PREFACE_V1, Uint8Array.of(0)), "MALFORMED", "a ninth byte"],
    ["trailing-wrong", concat(utf8("motet"), Uint8Array.of(1, 1, 0, 0)), "NOT_MOTET", "nine bytes, the first one wrong"],
  ] as const;
  for (const [name, bytes, code, comment] of ends) {
    set.reject(name, subject.op, subject.input(bytes), code, { rules: MAGIC, comment, control });
  }
  return set.file;
}

type Span = readonly [number, number];

function versions(): VectorFile {
  const set = new VectorSet("preface", "version", "The highest common version, or none");
  const input = (mine: Span, theirs: Span): Record<string, unknown> => {
    const bytes = ([lowest, highest]: Span): string => toHex(encodePreface({ lowest, highest }));
    return { type: "version", mine: bytes(mine), theirs: bytes(theirs) };
  };
  const common: readonly (readonly [string, Span, Span])[] = [
    ["same", [1, 1], [1, 1]],
    ["overlap", [1, 3], [2, 5]],
    ["inside", [1, 9], [3, 4]],
    ["around", [3, 4], [1, 9]],
    ["touching", [1, 2], [2, 3]],
    ["widest", [0, 255], [0, 255]],
    ["theirs-later", [1, 1], [1, 200]],
  ];
  for (const [name, mine, theirs] of common) {
    const comment = `mine ${mine.join("…")}, theirs ${theirs.join("…")}`;
    const rules = ["preface.highest", "preface.version"];
    const about = { rules, comment, control: "no-version-theirs-above" };
    set.accept(`version-${name}`, "codec.derive", input(mine, theirs), about);
  }
  const none: readonly (readonly [string, Span, Span])[] = [
    ["theirs-above", [1, 1], [2, 9]],
    ["theirs-below", [2, 3], [1, 1]],
    ["theirs-zero", [1, 1], [0, 0]],
    ["next-to-each-other", [1, 4], [5, 8]],
    ["theirs-upside-down", [1, 5], [3, 1]],
  ];
  for (const [name, mine, theirs] of none) {
    const comment = `mine ${mine.join("…")}, theirs ${theirs.join("…")}`;
    const about = { rules: ["preface.version"], comment, control: "version-same" };
    set.reject(`no-version-${name}`, "codec.derive", input(mine, theirs), "NO_VERSION", about);
  }
  return set.file;
}

export const prefaceVectors = (): VectorFile[] => [decodes(), versions()];
