import { expect, test } from "vitest";
import { disturbBytes } from "./disturb.js";
import { Random } from "./random.js";
import { selftestIsGood, selftestText, type SelftestReport } from "./report.js";
import { shrink } from "./shrink.js";

test("shrinking leaves what is needed and sets the rest to 00", async () => {
  const shows = (hex: string): Promise<boolean> => Promise.resolve(hex.length >= 6 && hex.includes("fe"));
  expect(await shrink("0102fe0405060708", true, shows)).toBe("00fe00");
  expect(await shrink("aaXbbb", false, (text) => Promise.resolve(text.includes("X")))).toBe("X");
});

test("the same seed makes the same neighbours, and they differ from the original", () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, index) => index);
  const made = (seed: number): string[] => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () => disturbBytes(bytes, random).join());
  };
  expect(made(1)).toEqual(made(1));
  expect(made(1)).not.toEqual(made(2));
  expect(new Set(made(1)).size).toBeGreaterThan(45);
});

const mutant = { id: "a.b#1", rule: "a.b", killed: true, by: "codec/x", verdict: "fail", broken: false };
const good: SelftestReport = {
  seed: 1,
  nullTestees: [{ name: "silent", scoredPasses: 0, cases: 100, attempted: 95, passed: [], problem: "" }],
  mutants: [{ ...mutant, at: "ts/dist/a.js:1", change: "a → b", why: "", cases: 1, ms: 1 }],
  differential: { inputs: 10, disagreements: 0, examples: [] },
  problems: [],
};

test("a selftest is good only when everything is", () => {
  expect(selftestIsGood(good)).toBe(true);
  const [silent] = good.nullTestees;
  const [dead] = good.mutants;
  if (!silent || !dead) throw new Error("the report lost its entries");
  const bad: SelftestReport[] = [
    { ...good, nullTestees: [{ ...silent, scoredPasses: 1, passed: ["codec/x"] }] },
    { ...good, nullTestees: [{ ...silent, attempted: 94 }] },
    { ...good, nullTestees: [{ ...silent, problem: "no hello" }] },
    { ...good, mutants: [{ ...dead, killed: false, why: "all pass" }] },
    { ...good, differential: { ...good.differential, disagreements: 1 } },
    { ...good, problems: ["a tag"] },
  ];
  for (const report of bad) {
    expect(selftestIsGood(report)).toBe(false);
    expect(selftestText(report)).toContain("not good");
  }
  expect(selftestText(bad[3] ?? good)).toContain("a.b#1 lives: all pass");
});
