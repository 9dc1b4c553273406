// The table's campaign in small: no property is violated, planted defects are found out, lost keys are those of the formula, and a
// seed is the same run every time.
import { expect, test } from "vitest";
import { load, playerAt } from "../campaign/played.js";
import { longTest as longAlone, runs } from "../harness/runs.js";

/** Others may run at the same time. */
const longTest = 5 * longAlone;

interface Losses {
  readonly playLoss: (plan: object) => { readonly off: number; readonly lost: number };
  readonly forgotCopies: unknown;
}

const playPiece = await playerAt(import.meta.url);
const { playLoss, forgotCopies } = (await load("loss.mjs", import.meta.url)) as Losses;

test.each([
  ["four", "nothing acknowledged is lost to any four failures at once"],
  ["churn", "nothing acknowledged is lost while members come and go"],
  ["split", "parts that were apart agree on the newest, and nothing deleted returns"],
  ["restart", "what was acknowledged is on disk"],
  ["leave", "every read succeeds while one of five leaves"],
])(
  "%s: %s",
  (kind) => {
    const { violations, counts } = playPiece({
      from: 1,
      count: runs(1, 10),
      plan: { kind, nodes: 5, waves: runs(1, 5) },
    });
    expect(violations).toEqual([]);
    expect(counts["acknowledged"]).toBeGreaterThan(10);
  },
  longTest,
);

test.each([
  ["split", "noForwarding"],
  ["split", "forgetsTombstones"],
  ["restart", "answersBeforeDurable"],
])(
  "runs of %s find out %s",
  (kind, defect) => {
    const isFound = (seed: number): boolean =>
      playPiece({ from: seed, count: 1, plan: { kind, defect, nodes: 5, waves: 1 } }).violations.length > 0;
    const seeds = Array.from({ length: runs(10, 20) }, (_, i) => i + 1);
    expect(seeds.some(isFound)).toBe(true);
  },
  longTest,
);

const loss = { nodes: 1000, dead: 500, tables: 5, copies: 2, rings: 20, seed: 1 };

test("keys are lost as the formula says", () => {
  const { off, lost } = playLoss({ ...loss, keys: runs(10_000, 200_000) });
  expect(lost).toBeGreaterThan(100);
  expect(Math.abs(off)).toBeLessThan(3);
});

test("copies that were forgotten are found out", () => {
  const { off } = playLoss({ ...loss, keys: 10_000, holdersLost: forgotCopies });
  expect(off).toBeGreaterThan(3);
});

test(
  "a seed is one run",
  () => {
    const plan = { from: 2, count: 1, plan: { kind: "leave", waves: 1 } };
    expect(playPiece(plan).hash).toBe(playPiece(plan).hash);
  },
  longTest,
);
