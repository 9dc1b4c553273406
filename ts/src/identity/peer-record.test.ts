import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8, writeU64 } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { fakeSign, fakeVerify, hasher } from "../../test/harness/signatures.js";
import { defaultDescriptor } from "./descriptor.js";
import { networkFrom } from "./network.js";
import { workOf } from "./node-id.js";
import { decodeRecord, encodeRecordBody, prepareRecord, recordVerification, type RecordClaim } from "./peer-record.js";

const network = networkFrom(hasher, { ...defaultDescriptor, name: encodeUtf8("demo") });
const other = networkFrom(hasher, { ...defaultDescriptor, name: encodeUtf8("other") });
const day = 86_400_000n;
const key = Uint8Array.from(hasher.sha256(encodeUtf8("a node")));

const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)) });
const address = printable.filter((text) => text.length > 0 && text.length <= 100);

function record(claim: RecordClaim, in_ = network): Uint8Array {
  const { unsigned, message } = prepareRecord(hasher, in_, claim);
  return concatBytes(unsigned, fakeSign(claim.nodeId, message));
}

const claim: RecordClaim = {
  nodeId: key,
  issued: 1000n,
  expires: 1000n + day,
  incarnation: 7n,
  body: encodeRecordBody(["tcp://127.0.0.1:1"], [1]),
};

const valid = record(claim);

function verifies(bytes: Uint8Array, in_ = network): boolean {
  const request = recordVerification(hasher, in_, bytes);
  return request !== undefined && fakeVerify(request);
}

/** A record with changed bytes at an offset. */
function changed(offset: number, bytes: Uint8Array): Uint8Array {
  const copy = valid.slice();
  copy.set(bytes, offset);
  return copy;
}

function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  writeU64(bytes, 0, value);
  return bytes;
}

const refused: readonly (readonly [string, Uint8Array, string])[] = [
  ["119 bytes", new Uint8Array(119), "record.size"],
  ["1,025 bytes", new Uint8Array(1025), "record.size"],
  ["no key", changed(0, new Uint8Array(32)), "record.key"],
  ["an expiry at its issue", changed(40, u64(1000n)), "record.lifetime"],
  ["an expiry before its issue", changed(40, u64(999n)), "record.lifetime"],
  ["a lifetime of a day and 1 ms", changed(40, u64(1001n + day)), "record.lifetime"],
  ["an issue of 2^63", changed(32, concatBytes(u64(2n ** 63n), u64(2n ** 63n + 1n))), "int.u64.range"],
  ["an incarnation of 2^63", changed(48, u64(2n ** 63n)), "int.u64.range"],
  ["a body cut short", changed(57, Uint8Array.of(100)), "record.body"],
];

describe("peer record", () => {
  test("is read as it was written, and verifies in its network only", () => {
    const times = fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 62n }), fc.bigInt({ min: 1n, max: day }));
    const lists = fc.tuple(fc.array(address, { maxLength: 8 }), fc.array(fc.nat(0xffff), { maxLength: 20 }));
    fc.assert(
      fc.property(times, fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), lists, ([issued, life], incarnation, lists) => {
        const [addresses, features] = lists;
        const body = encodeRecordBody(addresses, features);
        fc.pre(body.length <= 1024 - 120);
        const value = { nodeId: key, issued, expires: issued + life, incarnation };
        const bytes = record({ ...value, body });
        expect(decodeRecord(hasher, network, bytes)).toEqual({ ...value, addresses, features, bytes });
        expect(verifies(bytes)).toBe(true);
        expect(verifies(bytes, other)).toBe(false);
      }),
    );
  });

  test.each(refused)("with %s is BAD_RECORD", (_, bytes, rule) => {
    expect(() => decodeRecord(hasher, network, bytes)).toThrow(expect.objectContaining({ code: "BAD_RECORD", rule }));
  });

  test("the longest and the shortest are taken", () => {
    const longest = { ...claim, body: concatBytes(Uint8Array.of(0xfa, 0x3f, 0x84, 0x07), new Uint8Array(900)) };
    expect(record(longest).length).toBe(1024);
    expect(decodeRecord(hasher, network, record(longest)).addresses).toEqual([]);
    expect(decodeRecord(hasher, network, record({ ...claim, body: new Uint8Array(0) })).features).toEqual([]);
    const tooLong = { ...claim, body: new Uint8Array(905) };
    expect(() => prepareRecord(hasher, network, tooLong)).toThrow(expect.objectContaining({ code: "MISUSE" }));
  });

  test("any changed byte is BAD_RECORD or does not verify", () => {
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = changed(at, Uint8Array.of((valid[at] as number) ^ flip));
        try {
          decodeRecord(hasher, network, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect((error as ProtocolError).code).toBe("BAD_RECORD");
          return;
        }
        expect(verifies(bytes)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("a node id without the network's work is BAD_RECORD", () => {
    const work = workOf(hasher, key);
    const asking = (workBits: number) =>
      networkFrom(hasher, { ...defaultDescriptor, workBits, name: encodeUtf8("demo") });
    expect(() => decodeRecord(hasher, asking(work), valid)).not.toThrow();
    expect(() => decodeRecord(hasher, asking(work + 1), valid)).toThrow(
      expect.objectContaining({ rule: "id.work.record" }),
    );
  });
});
