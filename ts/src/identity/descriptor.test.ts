import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeUtf8, formatHex } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { hasher } from "../../test/harness/signatures.js";
import { decodeDescriptor, defaultDescriptor, encodeDescriptor, networkIdOf, type Descriptor } from "./descriptor.js";
import { networkFrom } from "./network.js";

const u = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));

const descriptor: fc.Arbitrary<Descriptor> = fc.record({
  policy: u(0, 7),
  tables: u(1, 16),
  copies: u(1, 16),
  successors: u(1, 64),
  workBits: u(0, 64),
  freshness: u(1, 65_535),
  maxTtl: u(1, 2 ** 31 - 1),
  maxMessage: u(128, 2 ** 24 - 4097),
  maxValue: u(1, 2 ** 24 - 4097),
  name: fc.uint8Array({ minLength: 1, maxLength: 64 }),
});

/** Values just outside the table of section 1.4, and one that is no whole number. */
const outside: readonly Partial<Descriptor>[] = [
  { policy: -1 },
  { policy: 8 },
  { tables: 0 },
  { tables: 17 },
  { copies: 0 },
  { copies: 17 },
  { successors: 0 },
  { successors: 65 },
  { workBits: -1 },
  { workBits: 65 },
  { freshness: 0 },
  { freshness: 65_536 },
  { maxTtl: 0 },
  { maxTtl: 2 ** 31 },
  { maxMessage: 127 },
  { maxMessage: 2 ** 24 - 4096 },
  { maxValue: 0 },
  { maxValue: 2 ** 24 - 4096 },
  { freshness: 1.5 },
  { freshness: Number.NaN },
  { name: new Uint8Array(0) },
  { name: new Uint8Array(65) },
];

const demo = { ...defaultDescriptor, name: encodeUtf8("demo") };

describe("descriptor", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(descriptor, (value) => {
        expect(decodeDescriptor(encodeDescriptor(value))).toEqual(value);
      }),
    );
  });

  test("what is read is written as the same bytes, and everything else is MALFORMED", () => {
    const changed = fc
      .tuple(descriptor, fc.nat(90), fc.nat(255), fc.integer({ min: -2, max: 2 }))
      .map(([value, at, byte, longer]) => {
        const bytes = encodeDescriptor(value);
        bytes[at % bytes.length] = byte;
        return longer < 0 ? bytes.slice(0, longer) : new Uint8Array([...bytes, ...new Array<number>(longer).fill(1)]);
      });
    fc.assert(
      fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 90 })), (bytes) => {
        let decoded: Descriptor;
        try {
          decoded = decodeDescriptor(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect(error).toMatchObject({ code: "MALFORMED", rule: "desc.decode" });
          return;
        }
        expect(encodeDescriptor(decoded)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  test.each(outside)("%j is not written", (change) => {
    expect(() => encodeDescriptor({ ...demo, ...change })).toThrow(expect.objectContaining({ code: "MISUSE" }));
  });

  test("every byte counts for the network id", () => {
    fc.assert(
      fc.property(descriptor, descriptor, (a, b) => {
        const [first, second] = [encodeDescriptor(a), encodeDescriptor(b)];
        const same = formatHex(first) === formatHex(second);
        const ids = [networkIdOf(hasher, first), networkIdOf(hasher, second)].map(formatHex);
        expect(ids[0] === ids[1]).toBe(same);
      }),
    );
    // Section 1.4, example.
    expect(formatHex(networkFrom(hasher, demo).id)).toBe(
      "45422cc3fa2dfb2bd0d249a26c4b2d2993894eabb8cd4d3488a91361c1e72155",
    );
  });

  test("policy bits tell whether broadcasts are signed and connections encrypted", () => {
    const facts = [0, 1, 2, 3].map((policy) => {
      const { signed, encryptionRequired } = networkFrom(hasher, { ...demo, policy });
      return [signed, encryptionRequired];
    });
    expect(facts).toEqual([
      [true, false],
      [true, true],
      [false, false],
      [false, true],
    ]);
  });
});
