// Requests and answers of the table between what is on the wire and what its machines see. Sections 8.4 to 8.8. Payloads come in
// decoded; the records in them are read by others.

import { formatHex, parseHex } from "../../bytes/index.js";
import {
  Position,
  type Get,
  type Scan,
  type Sync,
  type SyncAnswer,
  type SyncEntry,
  type TableAnswer,
  type TableRequest,
  type Watch,
} from "../../chord/index.js";
import { decodeMessage, encodeMessage } from "../../codec/index.js";
import { Command, type Code } from "../../gen/registry.js";
import type { TableRecord } from "../../identity/index.js";
import type { TableMessage } from "../../session/index.js";
import type { Records } from "./records.js";

const none = new Uint8Array(0);
const entryBytes = 67;
const idBytes = 32;

/** Number of a command, by the name that the machines use. */
export function commandOf({ command }: Pick<TableRequest, "command">): number {
  return Command[command];
}

export function encodeRequest(request: TableRequest): Uint8Array {
  switch (request.command) {
    case "PUT":
      return encodeMessage("Put", { ...request, record: request.record.bytes });
    case "GET":
      return encodeMessage("Get", request);
    case "SCAN":
      return encodeMessage("Scan", { after: request.after.bytes });
    case "SYNC":
      return encodeSync(request);
    default:
      return encodeMessage("Watch", request);
  }
}

function encodeSync({ from, to, cursor, count, sum, keyIds }: Sync): Uint8Array {
  return encodeMessage("Sync", {
    from: from.bytes,
    to: to.bytes,
    cursor: cursor?.bytes ?? none,
    count: BigInt(count),
    sum,
    keyIds: [...keyIds],
  });
}

export function encodeAnswer(answer: TableAnswer): Uint8Array {
  switch (answer.command) {
    case "PUT":
      return encodeMessage("PutAnswer", {
        holders: answer.holders.map((holder) => parseHex(holder) ?? none),
        whole: answer.whole ? 1 : 0,
        newer: answer.newer?.bytes ?? none,
      });
    case "GET":
      return encodeMessage("GetAnswer", { record: answer.record?.bytes ?? none });
    case "SCAN":
      return encodeMessage("ScanAnswer", {
        keys: answer.keys.map(({ kind, key }) => Uint8Array.of(kind, ...key)),
        more: answer.more ? 1 : 0,
      });
    case "SYNC":
      return encodeMessage("SyncAnswer", {
        same: answer.same ? 1 : 0,
        entries: answer.entries.map(encodeEntry),
        more: answer.more ? 1 : 0,
        records: answer.records.map(({ bytes }) => bytes),
      });
    default:
      return encodeMessage("WatchAnswer", answer);
  }
}

function encodeEntry({ position, place, copies, keyId, digest }: SyncEntry): Uint8Array {
  const bytes = new Uint8Array(entryBytes);
  bytes.set([position, place, copies]);
  bytes.set(keyId, 3);
  bytes.set(digest, 3 + idBytes);
  return bytes;
}

function decodeEntry(bytes: Uint8Array): SyncEntry {
  const [position = 0, place = 0, copies = 0] = bytes;
  return { position, place, copies, keyId: bytes.slice(3, 3 + idBytes), digest: bytes.slice(3 + idBytes) };
}

/** A request as it came, but for PUT: its record has to be read first. */
export function readRequest(what: Exclude<TableMessage, { command: "PUT" }>): Get | Scan | Sync | Watch {
  switch (what.command) {
    case "GET":
      return { command: "GET", keyId: what.message.keyId, position: what.message.position };
    case "SCAN":
      return { command: "SCAN", after: Position.fromBytes(what.message.after) };
    case "SYNC": {
      const { from, to, cursor, count, sum, keyIds } = what.message;
      return {
        command: "SYNC",
        from: Position.fromBytes(from),
        to: Position.fromBytes(to),
        cursor: cursor.length === 0 ? undefined : Position.fromBytes(cursor),
        count: Number(count),
        sum,
        keyIds,
      };
    }
    default: {
      const { keyId, position, leaseMs } = what.message;
      return { command: "WATCH", keyId, position, leaseMs };
    }
  }
}

/** Hears of an answer once, perhaps within the call: a code for one that may not be used. */
export type AnswerRead = (answer: TableAnswer | Code) => void;

/** Reads an answer, with the records in it. */
export function readAnswer(
  command: TableRequest["command"],
  payload: Uint8Array,
  records: Records,
  done: AnswerRead,
): void {
  switch (command) {
    case "PUT":
      return readPutAnswer(payload, records, done);
    case "GET":
      return readGetAnswer(payload, records, done);
    case "SCAN":
      return done(readScanAnswer(payload));
    case "SYNC":
      return readSyncAnswer(payload, records, done);
    case "WATCH":
      return done({ command: "WATCH", leaseMs: decodeMessage("WatchAnswer", payload).leaseMs });
  }
}

function readPutAnswer(payload: Uint8Array, records: Records, done: AnswerRead): void {
  const message = decodeMessage("PutAnswer", payload);
  const whole = message.whole === 1;
  const end = (newer: TableRecord | undefined): void =>
    done({ command: "PUT", holders: message.holders.map(formatHex), whole, newer });
  if (message.newer.length === 0) return end(undefined);
  records.read(message.newer, (record) => end(typeof record === "string" ? undefined : record));
}

function readGetAnswer(payload: Uint8Array, records: Records, done: AnswerRead): void {
  const { record: bytes } = decodeMessage("GetAnswer", payload);
  if (bytes.length === 0) return done({ command: "GET", record: undefined });
  // r[get.refused] mutate: `? record :` => `? { command: "GET", record: undefined } :`
  records.read(bytes, (record) => done(typeof record === "string" ? record : { command: "GET", record }));
}

function readScanAnswer(payload: Uint8Array): TableAnswer {
  const { keys, more } = decodeMessage("ScanAnswer", payload);
  const names = keys.map((bytes) => ({ kind: bytes[0] ?? 0, key: bytes.slice(1) }));
  return { command: "SCAN", keys: names, more: more === 1 };
}

function readSyncAnswer(payload: Uint8Array, records: Records, done: AnswerRead): void {
  const { same, entries, more, records: encoded } = decodeMessage("SyncAnswer", payload);
  records.readAll(encoded, (read) => {
    const answer: SyncAnswer = {
      command: "SYNC",
      same: same === 1,
      entries: entries.map(decodeEntry),
      more: more === 1,
      records: read,
    };
    done(answer);
  });
}
