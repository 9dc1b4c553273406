import { describe, expect, test } from "vitest";
import type { CaseResult } from "../case/index.js";
import { totalsOf, type RunOutcome } from "../run/index.js";
import { differenceLines, jsonReport, junitReport, rerunLine, tapReport, textReport } from "./index.js";

const results: readonly CaseResult[] = [
  { id: "codec/a/good", tier: "codec", status: "pass", rules: ["a.b"], ms: 1 },
  {
    id: "codec/a/bad",
    tier: "codec",
    status: "fail",
    rules: ["a.b"],
    ms: 2,
    message: 'an <odd> \u0001 "value"',
    expected: "ok 1",
    actual: "ok 2",
  },
  { id: "codec/b/none", tier: "codec", status: "notApplicable", rules: [], ms: 0, message: "no clock" },
];
const outcome: RunOutcome = {
  spec: "1",
  testee: { name: "t", version: "1", language: "JS" },
  seed: 1,
  totals: totalsOf(results),
  results,
  observed: [],
  ms: 12,
};

describe("reports", () => {
  test("json keeps its shape", () => {
    const report = JSON.parse(jsonReport(outcome)) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual(["spec", "testee", "transport", "seed", "totals", "cases"]);
    expect(report["cases"]).toMatchObject([
      { id: "codec/a/good", tier: "codec", status: "pass", rules: ["a.b"], ms: 1 },
      {},
      {},
    ]);
  });

  test("text counts what is not applicable apart", () => {
    const text = textReport(outcome, [], { testee: "node x.mjs", ruleText: () => "A rule." });
    expect(text).toContain("codec/a        1/2");
    expect(text).toContain("(1 not applicable)");
    expect(text).toContain("1 of 2 passed, 1 fail, 1 not applicable, not counted");
    expect(text).toContain("r[a.b] A rule.");
    expect(text).toContain(rerunLine("codec/a/bad", "node x.mjs"));
  });

  test("junit escapes, tap counts", () => {
    const xml = junitReport(outcome);
    expect(xml).toContain("an &lt;odd&gt; \ufffd &quot;value&quot;");
    expect(xml).toContain('tests="3" failures="1" skipped="1"');
    expect(tapReport(outcome)).toContain("1..3\n");
    expect(tapReport(outcome)).toContain("ok 3 - codec/b/none # SKIP no clock");
  });
});

test("the differing byte is marked", () => {
  const lines = differenceLines('ok {"bytes":"00112233"}', 'ok {"bytes":"00112733"}');
  expect(lines[2]?.trim()).toBe("^^ byte 2");
  expect(lines[0]?.slice(lines[2]?.indexOf("^^"))).toMatch(/^22/);
  expect(differenceLines("same", "same")).toEqual([]);
});
