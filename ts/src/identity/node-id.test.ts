import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8, formatBech32m } from "../bytes/index.js";
import { hasher } from "../../test/harness/signatures.js";
import { isValidKey } from "./keys.js";
import { formatNetworkId, formatNodeId, hasWork, parseNetworkId, parseNodeId, workOf } from "./node-id.js";

const id = fc.uint8Array({ minLength: 32, maxLength: 32 });
const code = (name: string): unknown => expect.objectContaining({ code: name });

describe("ids as text", () => {
  test("node ids and network ids are read as they were written, each under its own part", () => {
    fc.assert(
      fc.property(
        id.filter((bytes) => isValidKey(bytes)),
        (bytes) => {
          expect(parseNodeId(formatNodeId(bytes))).toEqual(bytes);
          expect(parseNetworkId(formatNetworkId(bytes))).toEqual(bytes);
          expect(() => parseNodeId(formatNetworkId(bytes))).toThrow(code("BAD_TEXT"));
          expect(() => parseNetworkId(formatNodeId(bytes))).toThrow(code("BAD_TEXT"));
        },
      ),
    );
  });

  test("a text of a wrong length is BAD_TEXT, one of no key BAD_KEY", () => {
    expect(() => parseNodeId(formatBech32m("motet", new Uint8Array(31).fill(9)))).toThrow(code("BAD_TEXT"));
    expect(() => parseNodeId(formatBech32m("motet", new Uint8Array(33).fill(9)))).toThrow(code("BAD_TEXT"));
    expect(() => parseNodeId(formatNodeId(new Uint8Array(32)))).toThrow(code("BAD_KEY"));
    expect(parseNetworkId(formatNetworkId(new Uint8Array(32)))).toEqual(new Uint8Array(32));
  });
});

describe("work", () => {
  test("is the number of leading zero bits of the hash", () => {
    fc.assert(
      fc.property(id, (bytes) => {
        const digest = hasher.sha256(concatBytes(encodeUtf8("motet/1 work\0"), bytes));
        const bits = [...digest].map((byte) => byte.toString(2).padStart(8, "0")).join("");
        const work = bits.indexOf("1");
        expect(workOf(hasher, bytes)).toBe(work);
        expect([work, work + 1].map((needed) => hasWork(hasher, bytes, needed))).toEqual([true, false]);
      }),
    );
  });

  test("counts through zero bytes", () => {
    const fixed = (digest: Uint8Array) => ({ ...hasher, sha256: () => digest });
    const digest = new Uint8Array(32);
    expect(workOf(fixed(digest), digest)).toBe(256);
    expect(workOf(fixed(digest.with(2, 0x10)), digest)).toBe(19);
  });
});
