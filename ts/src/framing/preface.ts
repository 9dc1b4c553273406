// The first 8 bytes of each direction: section 2.1.

import { ProtocolError } from "../errors/index.js";
import { Limit } from "../gen/registry.js";

/** Versions a side speaks, both ends included. */
export interface VersionRange {
  readonly lowest: number;
  readonly highest: number;
}

export const prefaceBytes = 8;

/** What this implementation speaks. */
export const spokenVersions: VersionRange = { lowest: Limit.VERSION, highest: Limit.VERSION };

const magic = [0x4d, 0x4f, 0x54, 0x45, 0x54];

export function encodePreface(range: VersionRange): Uint8Array {
  return Uint8Array.of(...magic, range.lowest, range.highest, 0);
}

/** Whether the bytes that have come so far can still become a preface. */
export function isPrefaceStart(bytes: Uint8Array): boolean {
  // r[preface.magic] mutate: always
  if (
    bytes.subarray(0, prefaceBytes).every((byte, i) => (i < magic.length ? byte === magic[i] : i !== 7 || byte === 0))
  ) {
    return true;
  }
  return false;
}

/**
 * Reads a preface of exactly 8 bytes.
 * @throws {ProtocolError} NOT_MOTET (r[preface.magic])
 */
export function decodePreface(bytes: Uint8Array): VersionRange {
  if (bytes.length !== prefaceBytes || !isPrefaceStart(bytes)) {
    throw new ProtocolError("NOT_MOTET", "the other side's first bytes are no Motet preface; check address and port", {
      rule: "preface.magic",
    });
  }
  return { lowest: bytes[5] as number, highest: bytes[6] as number };
}

/**
 * The version that both use.
 * @throws {ProtocolError} NO_VERSION (r[preface.version])
 */
export function commonVersion(mine: VersionRange, theirs: VersionRange): number {
  const lowest = Math.max(mine.lowest, theirs.lowest);
  // r[preface.highest] mutate: `Math.min(mine.highest, theirs.highest)` => `lowest`
  const highest = Math.min(mine.highest, theirs.highest);
  // r[preface.version]
  if (lowest > highest) {
    throw new ProtocolError(
      "NO_VERSION",
      `they speak ${theirs.lowest}…${theirs.highest}, we speak ${mine.lowest}…${mine.highest}; update the older side`,
      { rule: "preface.version" },
    );
  }
  return highest;
}
