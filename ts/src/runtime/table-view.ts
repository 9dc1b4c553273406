// What an application says to the table and gets back: keys as texts or bytes, records without what only the protocol needs.

import { decodeUtf8, encodeUtf8 } from "../bytes/index.js";
import type { RequestEvent, TableGroup } from "../engine/index.js";
import { misuse } from "../errors/index.js";
import { Limit } from "../gen/registry.js";
import { KeyKind, nodeIdBytes, type Network, type TableRecord } from "../identity/index.js";
import type { WaitOptions } from "./node-messaging.js";

/** A key or a value: bytes, or a text that stands for its UTF-8. */
export type BytesLike = string | Uint8Array;

export interface WriteOptions extends WaitOptions {
  /** How long it lives, milliseconds, at most `maxTtl` of the network. @defaultValue a day, if the network allows */
  readonly ttlMs?: number;
  /**
   * Writes it again whenever half of its life is over: until this node closes, writes the key anew without this, or finds that
   * somebody else has. @defaultValue false
   */
  readonly refresh?: boolean;
  /**
   * When a write is done: `full` when three groups and five nodes hold it, or all there are: any four of them may fail at once
   * and nothing is lost. `fast` when three groups hold it, however few nodes. @defaultValue "full"
   */
  readonly durable?: "full" | "fast";
}

/** What a delete needs of the options of a write: a deleted key has no life of its own. */
export type DeleteOptions = Omit<WriteOptions, "ttlMs" | "refresh">;

/** A record of the table. */
export interface TableEntry {
  readonly kind: "shared" | "owned" | "immutable";
  /** The key, or the name of an owned one; of an immutable one the hash of its value. The caller's own. */
  readonly key: Uint8Array;
  /** Node id of who wrote it; of an owned one its owner. Absent in an immutable one. */
  readonly writer?: Uint8Array;
  /** The caller's own; absent when the key was deleted. */
  readonly value?: Uint8Array;
  /** Number of the version. */
  readonly sequence: bigint;
  /** The writer's clock when it wrote it, unix ms. */
  readonly issuedAt: number;
  /** When it ends, unix ms. */
  readonly expiresAt: number;
}

/** A record as it was read, and what each group said. */
export interface TableReading extends TableEntry {
  readonly groups: readonly TableGroup[];
}

/** What came of a write. */
export interface TableWrite {
  readonly entry: TableEntry;
  readonly groups: readonly TableGroup[];
  /** Node ids of those that hold it. */
  readonly holders: readonly Uint8Array[];
  /** Every member of the ring holds it. */
  readonly isWhole: boolean;
  /** Somebody else's newer record, which a group held already: this one has lost to it. */
  readonly newer?: TableEntry;
}

const defaultTtlMs = 86_400_000;
const kinds = ["shared", "shared", "owned", "immutable"] as const;

export function entryOf(record: TableRecord): TableEntry {
  const { kind, key, writer, value, sequence, issued, expires, flags } = record;
  return {
    kind: kinds[kind] ?? "shared",
    key: key.slice(kind === KeyKind.OWNED ? nodeIdBytes : 0),
    ...(writer.length === 0 ? {} : { writer: writer.slice() }),
    ...((flags & 1) === 1 ? {} : { value: value.slice() }),
    sequence,
    issuedAt: Number(issued),
    expiresAt: Number(expires),
  };
}

export function writeOf(event: Extract<RequestEvent, { type: "stored" }>): TableWrite {
  const { record, groups, holders, whole, newer } = event;
  const entry = entryOf(record);
  return { entry, groups, holders, isWhole: whole, ...(newer === undefined ? {} : { newer: entryOf(newer) }) };
}

/** Bytes of the caller's, copied. @throws {ProtocolError} MISUSE */
export function checkBytes(given: BytesLike, what: string): Uint8Array {
  if (typeof given === "string") {
    const bytes = encodeUtf8(given);
    if (decodeUtf8(bytes) !== given) throw misuse(`${what} has half of a character; give bytes`);
    return bytes;
  }
  if (given instanceof Uint8Array) return new Uint8Array(given);
  throw misuse(`${what} is a text or a Uint8Array`);
}

/** @throws {ProtocolError} MISUSE */
export function checkKey(given: BytesLike, leastBytes: number): Uint8Array {
  const key = checkBytes(given, "a key");
  if (key.length >= leastBytes && key.length <= Limit.KEY_BYTES) return key;
  throw misuse(`a key of ${key.length} bytes; it has ${leastBytes} to ${Limit.KEY_BYTES}`);
}

/** @throws {ProtocolError} MISUSE */
export function checkWrite(
  { ttlMs, refresh = false, durable = "full" }: WriteOptions,
  { descriptor }: Network,
): {
  readonly ttlMs: number;
  readonly isFast: boolean;
  readonly isRefreshed: boolean;
} {
  if (typeof refresh !== "boolean") throw misuse("refresh is true or false");
  const mostMs = descriptor.maxTtl * 1000;
  if (ttlMs !== undefined && (!Number.isInteger(ttlMs) || ttlMs < 1 || ttlMs > mostMs))
    throw misuse(`a ttlMs of ${ttlMs}; this network takes 1 to ${mostMs}`);
  if (durable !== "full" && durable !== "fast") throw misuse(`durable is "full" or "fast"`);
  return { ttlMs: ttlMs ?? Math.min(defaultTtlMs, mostMs), isFast: durable === "fast", isRefreshed: refresh };
}

/** @throws {ProtocolError} MISUSE */
export function checkValue(given: BytesLike, { descriptor }: Network): Uint8Array {
  const value = checkBytes(given, "a value");
  if (value.length <= descriptor.maxValue) return value;
  throw misuse(`a value of ${value.length} bytes; this network takes ${descriptor.maxValue}; cut it in pieces`);
}
