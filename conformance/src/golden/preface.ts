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

/** Eight bytes. A byte that is there and breaks r[preface.magic] is NOT_MOTET, another length MALFORMED; versions are not judged. */
export function decodePreface(bytes: Bytes): Preface {
  const wanted = [...MAGIC, undefined, undefined, 0];
  const wrong = wanted.findIndex((byte, at) => byte !== undefined && at < bytes.length && bytes[at] !== byte);
  if (wrong >= 0)
    throw new GoldenError("NOT_MOTET", "preface.magic", `the bytes are ${toHex(bytes.slice(0, 8))}`, wrong);
  if (bytes.length !== PREFACE_BYTES) {
    throw new GoldenError(
      "MALFORMED",
      "preface.magic",
      `${bytes.length} bytes in place of 8`,
      Math.min(bytes.length, 8),
    );
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
