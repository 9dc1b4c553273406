// Shapes that the table's machines exchange with the layer above: requests and answers as objects, nodes as contacts or as the
// hex of their ids. Frames, payloads, signatures and files belong to others.

import type { Code } from "../../gen/registry.js";
import type { TableRecord } from "../../identity/index.js";
import type { Limits } from "../../ports/index.js";
import type { Contact } from "../contact.js";
import type { Position } from "../position.js";

/** Payload of PUT. */
export interface Put {
  readonly command: "PUT";
  readonly record: TableRecord;
  readonly position: number;
  readonly place: number;
  readonly copies: number;
}

/** Payload of GET. */
export interface Get {
  readonly command: "GET";
  readonly keyId: Uint8Array;
  readonly position: number;
}

/** Payload of SCAN. */
export interface Scan {
  readonly command: "SCAN";
  readonly after: Position;
}

/** Payload of SYNC: an arc with its sum, or key ids. */
export interface Sync {
  readonly command: "SYNC";
  readonly from: Position;
  readonly to: Position;
  readonly cursor: Position | undefined;
  readonly count: number;
  /** 32 bytes. */
  readonly sum: Uint8Array;
  /** Not empty: these records are wanted, and nothing else counts. */
  readonly keyIds: readonly Uint8Array[];
}

/** Payload of WATCH. */
export interface Watch {
  readonly command: "WATCH";
  readonly keyId: Uint8Array;
  readonly position: number;
  readonly leaseMs: number;
}

export type TableRequest = Put | Get | Scan | Sync | Watch;

export interface PutAnswer {
  readonly command: "PUT";
  /** Node ids in hex. */
  readonly holders: readonly string[];
  readonly whole: boolean;
  readonly newer: TableRecord | undefined;
}

export interface GetAnswer {
  readonly command: "GET";
  readonly record: TableRecord | undefined;
}

/** A key as SCAN names it. */
export interface KeyName {
  readonly kind: number;
  readonly key: Uint8Array;
}

export interface ScanAnswer {
  readonly command: "SCAN";
  readonly keys: readonly KeyName[];
  readonly more: boolean;
}

/** An entry of an arc: section 8.7. */
export interface SyncEntry {
  readonly position: number;
  readonly place: number;
  readonly copies: number;
  readonly keyId: Uint8Array;
  readonly digest: Uint8Array;
}

export interface SyncAnswer {
  readonly command: "SYNC";
  readonly same: boolean;
  readonly entries: readonly SyncEntry[];
  readonly more: boolean;
  readonly records: readonly TableRecord[];
}

export interface WatchAnswer {
  readonly command: "WATCH";
  readonly leaseMs: number;
}

export type TableAnswer = PutAnswer | GetAnswer | ScanAnswer | SyncAnswer | WatchAnswer;

/** Who asks a member. */
export interface Asker {
  /** The node id in hex. */
  readonly key: string;
  /** Prefix of the address of its session (1.8); undefined where none is counted. */
  readonly prefix: string | undefined;
  /** Longest payload that it takes. */
  readonly receiveBytes: number;
}

/** The limits of section 9.7 that the table goes by, with the values of this node. */
export type TableLimits = Pick<
  Limits,
  | "PUT_MS"
  | "VERSIONS_SEEN"
  | "SYNC_MS"
  | "CROSS_CHECK_MS"
  | "WATCH_MS"
  | "WATCHES"
  | "STORE_BYTES"
  | "RING_STABILIZE_MS"
  | "RING_LEAVE_MS"
>;

/** What of the network's descriptor the table goes by. */
export interface TableShape {
  readonly tables: number;
  readonly copies: number;
  /** r: length of the successor list. */
  readonly successors: number;
  /** Longest time to live, seconds. */
  readonly maxTtl: number;
}

export interface TableContext {
  readonly limits: TableLimits;
  readonly shape: TableShape;
  /** Position `number` of a key (r[key.position]). */
  readonly positionOf: (keyId: Uint8Array, number: number) => Position;
}

export interface KeeperContext extends TableContext {
  readonly self: Contact;
}

/** Why a request got no answer: the code of FAILED; undefined when its node cannot be reached or does not answer. */
export type Refusal = Code | undefined;
