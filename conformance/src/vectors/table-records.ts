// Records of the table that the vectors start from: one of each kind, and changes of them.
import { buildTableRecord, concat, filled, sha256, utf8, type Bytes, type TableRecordParts } from "../golden/index.js";
import { alice, demo, HOUR, NOW } from "./world.js";

/** A shared record of alice in the network demo, numbered by her clock. */
export const sharedParts: TableRecordParts = {
  seed: alice.seed,
  networkId: demo.id,
  kind: 1,
  key: utf8("weather"),
  sequence: NOW * 1000n,
  issued: NOW,
  expires: NOW + HOUR,
  flags: 0,
  value: utf8("sunny"),
};

/** One of her own. */
export const ownedParts: TableRecordParts = {
  ...sharedParts,
  kind: 2,
  key: concat(alice.id, utf8("profile")),
  sequence: 1n,
};

const value = utf8("what is so, stays so");

/** One that proves itself. */
export const immutableParts: TableRecordParts = {
  ...sharedParts,
  seed: filled(0),
  kind: 3,
  key: sha256(value),
  sequence: 0n,
  value,
};

export const tombstoneParts: TableRecordParts = { ...sharedParts, flags: 1, value: filled(0) };

/** A record with changes. */
export const tableRecord = (changes: Partial<TableRecordParts> = {}, of: TableRecordParts = sharedParts): Bytes =>
  buildTableRecord({ ...of, ...changes });
