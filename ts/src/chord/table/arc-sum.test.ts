import * as fc from "fast-check";
import { expect, it } from "vitest";
import { positionAt } from "../../../test/harness/ring-network.js";
import { formatHex } from "../../bytes/index.js";
import { sumOf } from "./arc-sum.js";
import { OrderedPlaces } from "./ordered-places.js";

const entry = (digest: Uint8Array): Parameters<typeof sumOf>[0] extends Iterable<infer E> ? E : never => ({
  position: 0,
  place: 0,
  copies: 2,
  keyId: digest,
  digest,
});

it("the sum of an arc is that of its digests modulo 2^256", () => {
  const digests = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 20 });
  fc.assert(
    fc.property(digests, (list) => {
      const full = new Uint8Array(32).fill(255);
      const all = [...list, full, full];
      const { count, sum } = sumOf(all.map(entry));
      const total = all.reduce((sum, digest) => sum + BigInt(`0x${formatHex(digest)}`), 0n) % 2n ** 256n;
      expect(count).toBe(all.length);
      expect(BigInt(`0x${formatHex(sum)}`)).toBe(total);
    }),
  );
});

it("points of an arc come in the order of the ring, its beginning left out and its end within", () => {
  const ordered = new OrderedPlaces<number>();
  const removers = [50, 10, 40, 20, 30].map((place) => ordered.add(positionAt(place), place));
  const arc = (after: number, end: number): number[] =>
    Array.from(ordered.arc(positionAt(after), positionAt(end)), ({ what }) => what);
  expect(arc(10, 40)).toEqual([20, 30, 40]);
  expect(arc(40, 10)).toEqual([50, 10]);
  expect(arc(30, 30)).toEqual([40, 50, 10, 20, 30]);
  removers[2]?.();
  ordered.add(positionAt(45), 45);
  expect(arc(30, 20)).toEqual([45, 50, 10, 20]);
});
