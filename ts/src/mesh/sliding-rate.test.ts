import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SlidingRate } from "./sliding-rate.js";

test("a sliding rate takes exactly so many within any second", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), fc.array(fc.integer({ min: 0, max: 600 })), (most, gaps) => {
      const rate = new SlidingRate(most);
      const taken: number[] = [];
      let now = 1_767_225_600_000;
      for (const gap of gaps) {
        now += gap;
        const isFull = taken.filter((time) => time > now - 1000).length >= most;
        expect(rate.isFull(now)).toBe(isFull);
        if (isFull) continue;
        rate.note(now);
        taken.push(now);
      }
    }),
  );
});

test("a sliding rate tells when there is room again", () => {
  const rate = new SlidingRate(2);
  rate.note(10);
  expect(rate.isFull(10)).toBe(false);
  rate.note(500);
  expect(rate.roomAt).toBe(1010);
  expect([rate.isFull(1009), rate.isFull(1010)]).toEqual([true, false]);
  rate.note(1010);
  expect(rate.roomAt).toBe(1500);
});
