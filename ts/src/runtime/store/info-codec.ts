// What a store on disk keeps of a record beside the record itself, as bytes with a check sum. Its own format: nobody else reads it.

import { crc32 } from "node:zlib";
import { concatBytes, readU16, readU32, readU64, writeU16, writeU32, writeU64 } from "../../bytes/index.js";
import type { RecordInfo } from "../../chord/index.js";

const sumBytes = 4;
const idBytes = 32;
/** Kind, flags, lengths of the record, the key, the writer and the places, and three times. */
const headBytes = 1 + 4 + 4 + 2 + 1 + 2 + 24;

/** Bytes behind their check sum. */
export function seal(bytes: Uint8Array): Uint8Array {
  const sum = new Uint8Array(sumBytes);
  writeU32(sum, 0, crc32(bytes));
  return concatBytes(sum, bytes);
}

/** Bytes without their check sum; undefined when they are damaged. */
export function unseal(sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < sumBytes) return undefined;
  const bytes = sealed.subarray(sumBytes);
  return readU32(sealed, 0) === crc32(bytes) ? bytes : undefined;
}

export function encodeInfo(info: RecordInfo): Uint8Array {
  const { kind, flags, recordBytes, key, writer, places, sequence, issued, expires, digest } = info;
  const head = new Uint8Array(headBytes);
  head[0] = kind;
  writeU32(head, 1, flags);
  writeU32(head, 5, recordBytes);
  writeU16(head, 9, key.length);
  head[11] = writer.length;
  writeU16(head, 12, places.length);
  writeU64(head, 14, sequence);
  writeU64(head, 22, issued);
  writeU64(head, 30, expires);
  const chains = Uint8Array.from(places.flatMap(({ position, place, copies }) => [position, place, copies]));
  return seal(concatBytes(head, digest, key, writer, chains));
}

/** The description of a record; undefined when it is damaged. */
export function decodeInfo(keyId: Uint8Array, sealed: Uint8Array): RecordInfo | undefined {
  const bytes = unseal(sealed);
  if (bytes === undefined || bytes.length < headBytes + idBytes) return undefined;
  const keyAt = headBytes + idBytes;
  const writerAt = keyAt + readU16(bytes, 9);
  const placesAt = writerAt + (bytes[11] ?? 0);
  const places = Array.from({ length: readU16(bytes, 12) }, (_, i) => {
    const [position = 0, place = 0, copies = 0] = bytes.subarray(placesAt + 3 * i, placesAt + 3 * i + 3);
    return { position, place, copies };
  });
  return {
    keyId: keyId.slice(),
    kind: bytes[0] ?? 0,
    flags: readU32(bytes, 1),
    recordBytes: readU32(bytes, 5),
    sequence: readU64(bytes, 14),
    issued: readU64(bytes, 22),
    expires: readU64(bytes, 30),
    digest: bytes.slice(headBytes, keyAt),
    key: bytes.slice(keyAt, writerAt),
    writer: bytes.slice(writerAt, placesAt),
    places,
  };
}
