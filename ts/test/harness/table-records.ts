// Records of the table for tests of its machines: nothing in them is signed, and key ids and positions are short to read.

import { compareBytes } from "../../src/bytes/index.js";
import type { Position, TableContext } from "../../src/chord/index.js";
import type { TableRecord } from "../../src/identity/index.js";
import { Prng } from "../../src/sim/prng.js";
import { positionAt } from "./ring-network.js";

export const tableLimits: TableContext["limits"] = {
  PUT_MS: 5_000,
  VERSIONS_SEEN: 4_096,
  SYNC_MS: 60_000,
  CROSS_CHECK_MS: 3_600_000,
  WATCH_MS: 600_000,
  WATCHES: 256,
  STORE_BYTES: 1 << 30,
  RING_STABILIZE_MS: 5_000,
  RING_LEAVE_MS: 10_000,
};

export const tableShape: TableContext["shape"] = { tables: 5, copies: 2, successors: 16, maxTtl: 604_800 };

const day = 86_400_000;

function bytesOf(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(32);
  new Uint32Array(bytes.buffer).set(numbers);
  return bytes;
}

/** Id of the key with a number. */
export const keyIdAt = (key: number): Uint8Array => bytesOf(key, 1);

/** Position of a key: anywhere, always the same. */
export function keyPositionAt(keyId: Uint8Array, number: number): Position {
  const key = new DataView(keyId.buffer, keyId.byteOffset).getUint32(0, true);
  const prng = new Prng(1 + key * 16 + number);
  prng.bytes(8);
  const [high = 0, low = 0] = prng.bytes(2);
  return positionAt(high * 256 + low);
}

export interface RecordWish {
  readonly key?: number;
  readonly kind?: number;
  readonly sequence?: bigint;
  readonly issued?: number;
  readonly expires?: number;
  readonly isTombstone?: boolean;
  readonly writer?: number;
  readonly bytes?: number;
}

let made = 0;

/** A record that would be found good. Two are never the same. */
export function tableRecord(wish: RecordWish = {}): TableRecord {
  const {
    key = 1,
    kind = 1,
    sequence = 1n,
    issued = 0,
    expires = issued + day,
    isTombstone = false,
    writer = 7,
  } = wish;
  const claim = { kind, key: Uint8Array.of(key), writer: bytesOf(writer), sequence, flags: isTombstone ? 1 : 0 };
  const times = { issued: BigInt(issued), expires: BigInt(expires) };
  const bytes = new Uint8Array(wish.bytes ?? 100);
  const value = isTombstone ? new Uint8Array(0) : Uint8Array.of(++made);
  return {
    ...claim,
    ...times,
    value,
    signature: new Uint8Array(64),
    keyId: keyIdAt(key),
    digest: bytesOf(++made),
    bytes,
  };
}

export const isSameRecord = (a: TableRecord | undefined, b: TableRecord | undefined): boolean =>
  a !== undefined && b !== undefined && compareBytes(a.digest, b.digest) === 0;
