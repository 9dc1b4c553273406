// Records for tests of stores: they need not be signed, only told apart.

import type { RecordInfo, StoreWrite } from "../../src/chord/index.js";
import { encodeUtf8 } from "../../src/bytes/index.js";
import type { TableRecord } from "../../src/identity/index.js";
import { hasher } from "../../src/runtime/index.js";

export const keyIdOf = (name: string): Uint8Array => hasher.sha256(encodeUtf8(name));

/** The write of a record under a name. @param version its sequence. */
export function putOf(name: string, version: number, valueBytes = 20): Extract<StoreWrite, { type: "put" }> {
  const keyId = keyIdOf(name);
  const bytes = new Uint8Array(valueBytes).fill(version & 255);
  const digest = hasher.sha256(encodeUtf8(`${name} ${version}`));
  const what = { kind: 1, key: encodeUtf8(name), keyId, writer: keyIdOf("writer"), flags: 0, digest };
  const times = { sequence: BigInt(version), issued: 1000n, expires: 2n ** 50n };
  const record: TableRecord = { ...what, ...times, value: bytes, signature: new Uint8Array(64), bytes };
  const places = [
    { position: 0, place: 0, copies: 2 },
    { position: 4, place: 1, copies: 65 },
  ];
  const info: RecordInfo = { ...what, ...times, recordBytes: bytes.length, places };
  return { type: "put", info, record };
}
