// The ring's arithmetic (chapter 7): positions, intervals, finger starts, and the list that cleaning makes. Numbers are written out
// as the specification has them, modulo 2^256.
import { fromHex, toHex, type Bytes } from "./bytes.js";
import { domainHash } from "./hash.js";

const CIRCLE = 1n << 256n;

/** A position as a number: big-endian. */
export const positionNumber = (position: Bytes): bigint => BigInt(`0x0${toHex(position)}`);

/** 32 bytes of a number, taken modulo 2^256. */
export function positionBytes(number: bigint): Bytes {
  const inside = ((number % CIRCLE) + CIRCLE) % CIRCLE;
  return fromHex(inside.toString(16).padStart(64, "0"));
}

/** How far forward `to` is from `from`. */
export function forward(from: bigint, to: bigint): bigint {
  return (to - from + CIRCLE) % CIRCLE;
}

/** r[ring.position]. */
export function ringPositionOf(networkId: Bytes, nodeId: Bytes): Bytes {
  return domainHash("motet/1 ring", networkId, nodeId);
}

/** r[ring.between]. */
export function isBetween(a: bigint, b: bigint, c: bigint): boolean {
  if (a === c) return b !== a;
  return forward(a, b) > 0n && forward(a, b) < forward(a, c);
}

/** r[ring.owned]. */
export function isOwned(a: bigint, b: bigint, c: bigint): boolean {
  return isBetween(a, b, c) || b === c;
}

/** r[ring.finger.start]. */
export function fingerStartOf(position: Bytes, index: number): Bytes {
  return positionBytes(positionNumber(position) + (1n << BigInt(index)));
}

export interface CleanList<T> {
  readonly entries: readonly T[];
  readonly wraps: boolean;
}

/** r[ring.clean.self], r[ring.clean.order], r[ring.clean.length] and r[ring.wraps]; a list that becomes empty wraps too. */
export function cleanList<T>(self: bigint, given: readonly T[], most: number, at: (entry: T) => bigint): CleanList<T> {
  const entries: T[] = [];
  let last = 0n;
  for (const entry of given) {
    const distance = forward(self, at(entry));
    if (distance === 0n) return { entries, wraps: true };
    if (distance <= last || entries.length === most) break;
    entries.push(entry);
    last = distance;
  }
  return { entries, wraps: entries.length === 0 };
}
