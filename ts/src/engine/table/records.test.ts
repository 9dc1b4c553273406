// What is read again is neither decoded nor verified again, and what was refused is refused again.

import { beforeEach, expect, test } from "vitest";
import { encodeUtf8 } from "../../bytes/index.js";
import type { Code } from "../../gen/registry.js";
import {
  defaultDescriptor,
  finishTableRecord,
  KeyKind,
  networkFrom,
  prepareTableRecord,
  type TableRecord,
} from "../../identity/index.js";
import { createIdentity } from "../../runtime/identity.js";
import { fakeSign, fakeVerify, hasher } from "../../../test/harness/signatures.js";
import { Records } from "./records.js";

const network = networkFrom(hasher, { ...defaultDescriptor, name: encodeUtf8("records") });
const writer = createIdentity().nodeId;
const none = new Uint8Array(0);

const counts = { hashes: 0, verified: 0 };
/** Verifications that end when a test says so. */
let hold: (() => void)[] | undefined;
const records = (): Records =>
  new Records({
    network,
    hasher: { ...hasher, sha256: (data) => (counts.hashes++, hasher.sha256(data)) },
    signatures: {
      sign: () => undefined,
      verify: (request, done) => {
        counts.verified++;
        const end = (): void => done(fakeVerify(request));
        if (hold === undefined) end();
        else hold.push(end);
      },
    },
  });

function encoded(key: string, sign = fakeSign): Uint8Array {
  const times = { sequence: 1n, issued: 1_000n, expires: 2_000n };
  const claim = { kind: KeyKind.SHARED, key: encodeUtf8(key), writer, ...times, flags: 0, value: encodeUtf8("value") };
  const message = prepareTableRecord(hasher, network, claim) ?? none;
  return finishTableRecord(hasher, network, claim, sign(writer, message)).bytes;
}

function readBy(reader: Records, bytes: Uint8Array): TableRecord | Code | undefined {
  let read: TableRecord | Code | undefined;
  reader.read(bytes, (record) => (read = record));
  return read;
}

beforeEach(() => {
  Object.assign(counts, { hashes: 0, verified: 0 });
  hold = undefined;
});

test("the same bytes are decoded and verified once", () => {
  const reader = records();
  const first = readBy(reader, encoded("a"));
  const { hashes } = counts;
  expect(first).toMatchObject({ value: encodeUtf8("value") });
  expect(readBy(reader, encoded("a"))).toBe(first);
  expect(reader.decode(encoded("a"))).toBe(first);
  expect(counts).toEqual({ hashes, verified: 1 });
});

test("what is being verified is not verified a second time", () => {
  const reader = records();
  const good = encoded("a");
  const bad = encoded("a", (by, message) => fakeSign(by, message.toReversed()));
  const read: (TableRecord | Code)[] = [];
  hold = [];
  for (const bytes of [good, bad, good, bad, encoded("b")]) reader.read(bytes, (record) => read.push(record));
  expect(counts.verified).toBe(3);
  for (const end of hold.splice(0)) end();
  expect(read.slice(0, 2)).toEqual([read[0], read[0]]);
  expect(read[0]).toMatchObject({ key: encodeUtf8("a") });
  expect(read.slice(2)).toEqual(["BAD_SIGNATURE", "BAD_SIGNATURE", expect.objectContaining({ key: encodeUtf8("b") })]);
  hold = undefined;
  expect(readBy(reader, good)).toBe(read[0]);
  expect(counts.verified).toBe(3);
});

test("what was only decoded is verified when it is read", () => {
  const reader = records();
  const decoded = reader.decode(encoded("a"));
  expect(counts.verified).toBe(0);
  expect(readBy(reader, encoded("a"))).toBe(decoded);
  expect(counts.verified).toBe(1);
});

test("a bad signature is refused every time, the good record is taken all the same", () => {
  const reader = records();
  const bad = encoded("a", (key, message) => fakeSign(key, Uint8Array.of(...message, 1)));
  for (let i = 0; i < 2; i++) expect(readBy(reader, bad)).toBe("BAD_SIGNATURE");
  expect(reader.decode(bad)).toMatchObject({ value: encodeUtf8("value") });
  expect(readBy(reader, bad)).toBe("BAD_SIGNATURE");
  expect(readBy(reader, encoded("a"))).toMatchObject({ value: encodeUtf8("value") });
});

test("the bytes may change afterwards, and changed ones are another record", () => {
  const reader = records();
  const bytes = encoded("a");
  const first = readBy(reader, bytes);
  bytes.set(encodeUtf8("VALUE"), Buffer.from(bytes).indexOf("value"));
  expect(readBy(reader, bytes)).toBe("BAD_SIGNATURE");
  expect(readBy(reader, encoded("a"))).toBe(first);
});

test("after many others it is decoded again, and not verified again", () => {
  const reader = records();
  const first = readBy(reader, encoded("a"));
  for (let i = 0; i < 100; i++) readBy(reader, encoded(`b${i}`));
  const { verified } = counts;
  const again = readBy(reader, encoded("a"));
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
  expect(counts.verified).toBe(verified);
});
