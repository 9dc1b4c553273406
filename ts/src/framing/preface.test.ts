import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "../errors/index.js";
import { commonVersion, decodePreface, encodePreface, isPrefaceStart } from "./preface.js";

const range = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => ({ lowest: Math.min(a, b), highest: Math.max(a, b) }));

describe("preface", () => {
  test("is read as it was written; every start of it can still become one", () => {
    fc.assert(
      fc.property(range, fc.nat(8), (versions, cut) => {
        const bytes = encodePreface(versions);
        expect(decodePreface(bytes)).toEqual(versions);
        expect(isPrefaceStart(bytes.subarray(0, cut))).toBe(true);
      }),
    );
  });

  test("a wrong byte anywhere but in the versions is NOT_MOTET, known at that byte", () => {
    for (const at of [0, 1, 2, 3, 4, 7]) {
      const bytes = encodePreface({ lowest: 1, highest: 1 });
      bytes[at] = (bytes[at] as number) ^ 0x20;
      expect(isPrefaceStart(bytes.subarray(0, at))).toBe(true);
      expect(isPrefaceStart(bytes.subarray(0, at + 1))).toBe(false);
      expect(() => decodePreface(bytes)).toThrow(expect.objectContaining({ code: "NOT_MOTET" }));
    }
  });

  test("the version is the highest that both speak", () => {
    fc.assert(
      fc.property(range, range, (mine, theirs) => {
        const common = [...Array(256).keys()].filter((version) =>
          [mine, theirs].every(({ lowest, highest }) => version >= lowest && version <= highest),
        );
        const highest = common.at(-1);
        if (highest !== undefined) expect(commonVersion(mine, theirs)).toBe(highest);
        else expect(() => commonVersion(mine, theirs)).toThrow(ProtocolError);
      }),
    );
  });
});
