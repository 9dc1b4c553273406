// Preface (2.1): the first 8 bytes of each direction, and the choice of a version.
import { concat, readUint, toHex, utf8, type Bytes } from "./bytes.js";
import { GoldenError } from "./errors.js";

export const PREFACE_BYTES = 8;
const MAGIC = utf8("MOTET");

export interface Preface {
  readonly lowest: number;
  readonly highest: number;
}

/** Preface of a node of this version. */
export const PREFACE_V1: Bytes = encodePreface({ lowest: 1, highest: 1 });

export function encodePreface({ lowest, highest }: Preface): Bytes {
  return concat(MAGIC, Uint8Array.of(lowest, highest, 0));
}

/** r[preface.magic]; versions are read, not judged. */
export function decodePreface(bytes: Bytes): Preface {
  const wrong = MAGIC.findIndex((byte, index) => bytes[index] !== byte);
  if (wrong >= 0) throw new GoldenError("NOT_MOTET", "preface.magic", `starts with ${toHex(bytes.slice(0, 5))}`, wrong);
  if (bytes.length !== PREFACE_BYTES || bytes[7] !== 0) {
    throw new GoldenError("NOT_MOTET", "preface.magic", "8 bytes, the last one 00", Math.min(bytes.length, 7));
  }
  return { lowest: readUint(bytes, 5, 1), highest: readUint(bytes, 6, 1) };
}

/** r[preface.version], r[preface.highest] */
export function chooseVersion(mine: Preface, theirs: Preface): number {
  const lowest = Math.max(mine.lowest, theirs.lowest);
  const highest = Math.min(mine.highest, theirs.highest);
  if (lowest <= highest) return highest;
  throw new GoldenError("NO_VERSION", "preface.version", `none between ${lowest} and ${highest}`);
}
