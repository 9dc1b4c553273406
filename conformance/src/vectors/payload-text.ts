// Vectors of r[payload.utf8]: what UTF-8 is and is not (RFC 3629), in a string that may hold any of it.
import { concat, fromHex, lengthField, utf8, varintField } from "../golden/index.js";
import { fieldNumber } from "./messages.js";
import type { VectorFile } from "./types.js";
import { decoding, VectorSet } from "./vector-set.js";

const subject = decoding("message", {}, { name: "Goodbye" });
const code = varintField(fieldNumber("Goodbye", "code"), 101);
const TEXT = fieldNumber("Goodbye", "text");
const rules = ["payload.utf8"];

const good: Readonly<Record<string, string>> = {
  ascii: "6279652e",
  nul: "610062",
  "two-bytes-first": "c280",
  "two-bytes-last": "dfbf",
  "three-bytes-first": "e0a080",
  "before-surrogates": "ed9fbf",
  "after-surrogates": "ee8080",
  "three-bytes-last": "efbfbf",
  "four-bytes-first": "f0908080",
  emoji: "f09f9880",
  "four-bytes-last": "f48fbfbf",
  "byte-order-mark": "efbbbf61",
  replacement: "efbfbd",
};

const bad: Readonly<Record<string, readonly [string, string]>> = {
  "lone-continuation": ["80", "a continuation byte alone"],
  "lone-continuation-bf": ["61bf", "a continuation byte behind a letter"],
  "over-long-2-nul": ["c080", "00 in two bytes"],
  "over-long-2": ["c1bf", "7F in two bytes"],
  "over-long-3": ["e09fbf", "U+07FF in three bytes"],
  "over-long-3-nul": ["e08080", "00 in three bytes"],
  "over-long-4": ["f08fbfbf", "U+FFFF in four bytes"],
  "over-long-4-nul": ["f0808080", "00 in four bytes"],
  "surrogate-first": ["eda080", "U+D800"],
  "surrogate-last": ["edbfbf", "U+DFFF"],
  "surrogate-pair": ["eda0bdedb880", "a pair of surrogates (CESU-8)"],
  "above-10ffff": ["f4908080", "U+110000"],
  "five-bytes": ["f888808080", "a form of five bytes"],
  "six-bytes": ["fc8480808080", "a form of six bytes"],
  f5: ["f5808080", "F5 stands in no UTF-8"],
  fe: ["fe", "FE stands in no UTF-8"],
  ff: ["ff", "FF stands in no UTF-8"],
  "cut-2": ["c2", "one of two bytes"],
  "cut-3": ["e282", "two of three bytes"],
  "cut-4": ["f09f98", "three of four bytes"],
  "cut-3-letter": ["e28261", "two of three bytes, then a letter"],
  latin1: ["e9", "Latin-1"],
  "utf-16": ["fffe6100", "UTF-16 with its mark"],
};

export function payloadTextVectors(): VectorFile[] {
  const set = new VectorSet("payload", "utf8", "Strings are UTF-8, exactly");
  const input = (hex: string): Record<string, unknown> => subject.input(concat(code, lengthField(TEXT, fromHex(hex))));
  for (const [name, hex] of Object.entries(good)) {
    set.accept(`utf8-${name}`, subject.op, input(hex), { rules, comment: `valid: ${name.replaceAll("-", " ")}` });
  }
  for (const [name, [hex, comment]] of Object.entries(bad)) {
    set.reject(`not-utf8-${name}`, subject.op, input(hex), "MALFORMED", { rules, comment, control: "utf8-ascii" });
  }
  const twice = concat(code, lengthField(TEXT, fromHex("ff")), lengthField(TEXT, utf8("bye")));
  const about = { rules: ["payload.utf8", "payload.last"], comment: "a text that is no UTF-8, then a good one: every occurrence counts", control: "last-text" };
  set.reject("not-utf8-replaced", subject.op, subject.input(twice), "MALFORMED", about);
  return [set.file];
}
