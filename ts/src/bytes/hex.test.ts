import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatHex, parseHex } from "./hex.js";

describe("hex", () => {
  test("formats as the platform does, and reads it back", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = formatHex(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("hex"));
        expect(parseHex(text)).toEqual(bytes);
      }),
    );
  });

  test("every text it reads is the text it writes", () => {
    const almostHex = fc.string({ unit: fc.constantFrom(..."0123456789abcdefAFgx ".split("")), maxLength: 6 });
    fc.assert(
      fc.property(fc.oneof(almostHex, fc.string()), (text) => {
        const bytes = parseHex(text);
        const isHex = /^(?:[0-9a-f]{2})*$/.test(text) && !text.includes("\n");
        expect(bytes === undefined ? undefined : formatHex(bytes)).toBe(isHex ? text : undefined);
      }),
    );
  });

  test.each(["0", "0g", "AB", "0x", " 1", "é0", "1\n"])("refuses %j", (text) => {
    expect(parseHex(text)).toBeUndefined();
  });
});
