import { describe, expect, test } from "vitest";
import { Limit } from "../gen/registry.js";
import { RedialWaits } from "./redial-waits.js";

const start = 1_767_225_600_000;

/** When a node may be dialled next, ms from now. */
function waitOf(waits: RedialWaits, now: number): number {
  for (let ms = 0; ms <= 600_000; ms += 100) if (waits.mayDial("a", now + ms)) return ms;
  return Infinity;
}

describe("a node that was dialled", () => {
  test("in vain waits longer each time, a minute at most, whether it failed or did not stay", () => {
    const waits = new RedialWaits(Limit);
    expect(waitOf(waits, start)).toBe(0);
    const seen = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => {
      if (i % 2 === 1) waits.failed("a", start);
      else waits.lost("a", start, false);
      return waitOf(waits, start);
    });
    expect(seen).toEqual([500, 500, 2000, 2000, 8000, 8000, 32_000, 32_000, 60_000]);
    expect(waits.mayDial("b", start)).toBe(true);
  });

  test("is not dialled again within a second, and at once when it stayed for long", () => {
    const waits = new RedialWaits(Limit);
    waits.dialled("a", start);
    waits.lost("a", start + 100, false);
    expect(waitOf(waits, start + 100)).toBe(900);
    waits.dialled("a", start + 1000);
    waits.lost("a", start + 90_000, true);
    expect(waitOf(waits, start + 90_000)).toBe(0);
  });

  test("and parted from waits ten minutes", () => {
    const waits = new RedialWaits(Limit);
    waits.parted("a", start);
    expect(waitOf(waits, start)).toBe(600_000);
  });

  test("is forgotten for a thousand others", () => {
    const waits = new RedialWaits(Limit);
    waits.parted("a", start);
    for (let i = 0; i < 1024; i++) waits.parted(`n${i}`, start);
    expect(waitOf(waits, start)).toBe(0);
  });
});
