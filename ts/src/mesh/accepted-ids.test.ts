import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Limit } from "../gen/registry.js";
import { AcceptedIds } from "./accepted-ids.js";

const keepMs = 1000;
const idOf = (i: number): Uint8Array =>
  new Uint8Array(32)
    .fill(7)
    .with(3, i & 255)
    .with(20, i >> 8);
const ids = (places: number): AcceptedIds => new AcceptedIds({ ...Limit, UNSIGNED_IDS: places }, keepMs, 1);

describe("AcceptedIds", () => {
  test("finds every id until its time is over, has a place below the cap, and makes room from expired ones", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), steps, (places, waits) => {
        const table = ids(places);
        const acceptedAt = new Map<number, number>();
        let now = 1;
        waits.forEach((wait, i) => {
          now += wait;
          const alive = [...acceptedAt].filter(([, at]) => now - at <= keepMs);
          const hasPlace = table.hasPlace(now);
          expect(hasPlace).toBe(alive.length < places);
          if (hasPlace) {
            const entry = table.add(idOf(i), now);
            acceptedAt.set(i, now);
            expect(table.find(idOf(i))).toBe(entry);
          }
          for (const [one] of alive) expect(table.find(idOf(one))).toBeGreaterThanOrEqual(0);
          expect(table.known).toBeLessThanOrEqual(places);
        });
        expect(table.find(idOf(5000))).toBe(-1);
      }),
      { numRuns: 200 },
    );
  });

  test("keeps the entry of an id while others are forgotten", () => {
    const table = ids(200);
    const entries = new Map<number, number>();
    for (let i = 0; i < 200; i++) entries.set(i, table.add(idOf(i), i * 10));
    expect(table.hasPlace(1500 + keepMs)).toBe(true);
    for (let i = 0; i < 200; i++) expect(table.find(idOf(i))).toBe(i * 10 < 1500 ? -1 : entries.get(i));
  });
});
