import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHex } from "../bytes/index.js";
import { isValidKey, passesSignatureChecks } from "./keys.js";

const p = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const smallOrder = [
  0n,
  1n,
  p - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
];

function littleEndian(value: bigint): Uint8Array {
  const hex = value.toString(16).padStart(64, "0");
  return (parseHex(hex) as Uint8Array).toReversed();
}

const signed = (y: bigint): Uint8Array => littleEndian(y | (1n << 255n));
const near = (...values: readonly bigint[]): fc.Arbitrary<bigint> =>
  fc
    .tuple(fc.constantFrom(...values), fc.bigInt({ min: -20n, max: 20n }))
    .map(([value, off]) => BigInt.asUintN(255, value + off));
const anyY = fc.oneof(near(0n, p, ...smallOrder, 2n ** 255n), fc.bigInt({ min: 0n, max: 2n ** 255n - 1n }));
const goodY = 9n;

describe("keys", () => {
  test("are valid below p, but for the small orders, whatever their sign bit", () => {
    fc.assert(
      fc.property(anyY, (y) => {
        const expected = y < p && !smallOrder.includes(y);
        expect(isValidKey(littleEndian(y))).toBe(expected);
        expect(isValidKey(signed(y))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("of small order are refused under both signs", () => {
    for (const y of smallOrder) expect([isValidKey(littleEndian(y)), isValidKey(signed(y))]).toEqual([false, false]);
  });

  test("are read at their offset", () => {
    const framed = new Uint8Array(70);
    expect(isValidKey(framed, 20)).toBe(false);
    framed.set(littleEndian(goodY), 20);
    expect(isValidKey(framed, 20)).toBe(true);
  });
});

describe("byte checks of signatures", () => {
  test("S is below the order, R and the key pass the test of keys", () => {
    const anyS = fc.oneof(
      near(0n, order, 2n ** 252n),
      fc.constantFrom(order, order - 1n, order + 1n),
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    );
    fc.assert(
      fc.property(anyS, anyY, anyY, (s, r, key) => {
        const signature = new Uint8Array([...littleEndian(r), ...littleEndian(s)]);
        const expected = s < order && isValidKey(littleEndian(r)) && isValidKey(littleEndian(key));
        expect(passesSignatureChecks(littleEndian(key), signature)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("the borders of S", () => {
    const check = (s: bigint): boolean =>
      passesSignatureChecks(littleEndian(goodY), new Uint8Array([...littleEndian(goodY), ...littleEndian(s)]));
    expect([0n, order - 1n, order, order + 1n, 2n ** 255n, 2n ** 256n - 1n].map(check)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
