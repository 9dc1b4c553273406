// The ring's campaign in small: must-hold, must-heal and lied-to schedules violate nothing, classic rules do, and a seed is the same
// run every time.
import { expect, test } from "vitest";
import { playerAt, type Tallied } from "../campaign/played.js";
import { longTest, runs } from "../harness/runs.js";

const playPiece = await playerAt(import.meta.url);
const piece = (kind: string, count: number): Tallied => playPiece({ from: 1, count, plan: { kind } });

test.each([
  ["hold", "an ordered ring holds after every event", runs(200, 20_000)],
  ["heal", "a ring heals from whatever happened", runs(200, 20_000)],
  ["liars", "honest nodes find their heads among liars, and the ring is right when they have gone", runs(100, 5000)],
])(
  "%s: %s",
  (kind, _what, count) => {
    const { violations, counts } = piece(kind, count);
    expect(violations).toEqual([]);
    for (const events of ["joins", "crashes", "leaves"]) {
      expect(counts[events], events).toBeGreaterThan(0.018 * (counts["steps"] ?? 0));
    }
  },
  longTest,
);

test(
  "the classic rules are found out in most of the same schedules",
  () => {
    const count = runs(40, 1000);
    const { violated } = piece("classic", count);
    const found = Object.values(violated).reduce((sum, times) => sum + times, 0);
    expect(found).toBeGreaterThan(0.3 * count);
  },
  longTest,
);

test("a seed is one run", () => {
  expect(piece("hold", 5).hash).toBe(piece("hold", 5).hash);
});
