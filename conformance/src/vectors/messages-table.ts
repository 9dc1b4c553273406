// Right values of the messages of the table (table.proto), full and smallest.
import { concat, decodeMessage, filled, keyIdOf, keyPositionOf, positionBytes, sha256, utf8 } from "../golden/index.js";
import { sharedParts, tableRecord } from "./table-records.js";
import { alice, bob, demo } from "./world.js";

const keyId = keyIdOf(demo.id, 1, sharedParts.key);
const record = tableRecord();
const [from, to] = [keyPositionOf(keyId, 1), keyPositionOf(keyId, 2)];

export const fullTable = {
  Record: { ...decodeMessage("Record", record), flags: 1 },
  Put: { record, position: 4, place: 1, copies: 2 },
  PutAnswer: { holders: [alice.id, bob.id], whole: 1, newer: record },
  Get: { keyId, position: 4 },
  GetAnswer: { record },
  Scan: { after: from },
  ScanAnswer: { keys: [concat(filled(1, 1), sharedParts.key), concat(filled(1, 3), sha256(utf8("value")))], more: 1 },
  Sync: { from, to, cursor: keyPositionOf(keyId, 3), count: 2n, sum: positionBytes(7n), keyIds: [keyId, from] },
  SyncAnswer: { same: 1, entries: [filled(67, 1), filled(67, 2)], more: 1, records: [record] },
  Watch: { keyId, position: 4, leaseMs: 600_000 },
  WatchAnswer: { leaseMs: 600_000 },
  Changed: { record },
};

export const smallestTable = {
  Record: { kind: 1, key: filled(1, 7) },
  Put: { record: filled(1, 8), copies: 1 },
  PutAnswer: {},
  Get: { keyId },
  GetAnswer: {},
  Scan: { after: to },
  ScanAnswer: {},
  Sync: { from, to },
  SyncAnswer: {},
  Watch: { keyId },
  WatchAnswer: {},
  Changed: { record: filled(1, 8) },
};
