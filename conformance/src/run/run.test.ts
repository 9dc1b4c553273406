// Selection, controls, repetition, expected failures, and whole runs against a small testee.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Case, CaseResult, CodecCase, Verdict } from "../case/index.js";
import { codecTier } from "../codec/index.js";
import {
  applyExpected,
  combine,
  holdControls,
  patternOf,
  readExpected,
  runCases,
  selectCases,
  shuffled,
  totalsOf,
} from "./index.js";

function codecCase(id: string, others: Partial<CodecCase> = {}): CodecCase {
  const head = { tier: "codec" as const, rules: ["a.b"], level: "MUST" as const, since: 1, features: [], comment: id };
  const body = {
    op: "codec.derive" as const,
    in: { type: "work", nodeId: id },
    expect: { ok: { bits: 1 } },
    source: "",
    file: "",
  };
  return { id, ...head, ...body, ...others };
}

const result = (id: string, status: Verdict, others: Partial<CaseResult> = {}): CaseResult => ({
  id,
  tier: "codec",
  status,
  rules: [],
  ms: 1,
  ...others,
});

describe("selection", () => {
  const cases: Case[] = [
    codecCase("codec/a/one"),
    codecCase("codec/a/two", { control: "codec/b/three", rules: ["x.y"] }),
    codecCase("codec/b/three"),
  ];
  const ids = (selection: Parameters<typeof selectCases>[1]): string[] =>
    selectCases(cases, selection).map(({ id }) => id);

  test("by pattern, folder, rule; controls come along", () => {
    expect(ids({})).toHaveLength(3);
    expect(ids({ pattern: "codec/a" })).toEqual(["codec/a/one", "codec/a/two", "codec/b/three"]);
    expect(ids({ pattern: "codec/a/o*" })).toEqual(["codec/a/one"]);
    expect(ids({ rule: "x.y" })).toEqual(["codec/a/two", "codec/b/three"]);
    expect(patternOf("codec/a.b").test("codec/aXb")).toBe(false);
  });

  test("nothing selected says so, with a guess", () => {
    expect(() => ids({ pattern: "codec/a/onee" })).toThrow("did you mean codec/a/one?");
    expect(() => ids({ tier: "node" })).toThrow("no case matches tier node");
  });
});

describe("outcomes", () => {
  test("a pass without its control is inconclusive", () => {
    const cases = [codecCase("codec/a/bad", { control: "codec/a/good" }), codecCase("codec/a/good")];
    const statuses = (good: Verdict): Verdict[] =>
      holdControls([result("codec/a/bad", "pass"), result("codec/a/good", good)], cases).map(({ status }) => status);
    expect(statuses("pass")).toEqual(["pass", "pass"]);
    expect(statuses("fail")).toEqual(["inconclusive", "fail"]);
  });

  test("different verdicts of one case are flaky", () => {
    expect(combine([result("x", "pass"), result("x", "pass")]).status).toBe("pass");
    const flaky = combine([result("x", "pass"), result("x", "fail", { message: "why" }), result("x", "pass")]);
    expect(flaky).toMatchObject({ status: "flaky", message: "pass 2×, fail 1×; why" });
  });

  test("what is not applicable is not scored", () => {
    expect(totalsOf([result("x", "notApplicable"), result("y", "pass")])).toMatchObject({
      scored: 1,
      pass: 1,
      notApplicable: 1,
    });
  });

  test("a seed decides the order", () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    expect(shuffled(items, 3)).toEqual(shuffled(items, 3));
    expect(shuffled(items, 3)).not.toEqual(shuffled(items, 4));
    expect(shuffled(items, 3).toSorted((a, b) => a - b)).toEqual(items);
  });
});

describe("expected failures", () => {
  const entry = {
    pattern: "codec/a/*",
    status: "fail",
    count: 1,
    intent: "bug",
    issue: "#1",
    expires: "2099-01-01",
  } as const;
  const statuses = (results: CaseResult[], list: readonly (typeof entry)[] = [entry], complete = true): Verdict[] =>
    applyExpected(results, list, complete, "2026-01-01").map(({ status }) => status);

  test("listed failures are xfail, listed passes xpass", () => {
    expect(statuses([result("codec/a/x", "fail"), result("codec/b/x", "fail")])).toEqual(["xfail", "fail"]);
    expect(statuses([result("codec/a/x", "pass")])).toEqual(["xpass"]);
  });

  test("drift is unexpected: another verdict, another count, past its day", () => {
    expect(statuses([result("codec/a/x", "crash")])).toEqual(["crash"]);
    expect(statuses([result("codec/a/x", "fail"), result("codec/a/y", "fail")])).toEqual(["fail", "fail"]);
    expect(statuses([result("codec/a/x", "fail"), result("codec/a/y", "fail")], [entry], false)).toEqual([
      "xfail",
      "xfail",
    ]);
    const old = { ...entry, expires: "2025-01-01" } as unknown as typeof entry;
    expect(statuses([result("codec/a/x", "fail")], [old])).toEqual(["fail"]);
  });

  test("a pattern without a case is a usage error", () => {
    expect(() => statuses([result("codec/b/x", "pass")])).toThrow("matches no case");
  });

  test.each([
    ["a: [", "Next step"],
    ["a: 1", "begin with"],
    ["- pattern: x", "status: one of"],
    ["- {pattern: x, status: fail, count: 0, intent: bug, issue: a, expires: '2099-01-01'}", "count"],
    ["- {pattern: x, status: fail, count: 1, intent: hope, issue: a, expires: '2099-01-01'}", "intent"],
    [
      "- {pattern: x, status: fail, count: 1, intent: bug, issue: a, expires: '2099-01-01', more: 1}",
      "unknown member more",
    ],
  ])("bad file: %s", (text, message) => {
    const path = join(mkdtempSync(join(tmpdir(), "motet-")), "expected.yaml");
    writeFileSync(path, text);
    expect(() => readExpected(path)).toThrow(message);
  });
});

describe("whole runs", () => {
  const source = (answer: string): string[] => [
    process.execPath,
    "-e",
    `let count = 0;
     const say = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
     require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
       const { id, op, in: input } = JSON.parse(line);
       if (op === "hello") say({ id, ok: { link: 1, implementation: { name: "t", version: "1", language: "JS" }, versions: [1], features: ["codec"] } });
       else if (op === "shutdown") { say({ id, ok: {} }); process.exit(0); }
       else { ${answer} }
     });`,
  ];
  const run = async (answer: string, cases: Case[], others: object = {}): Promise<string[]> => {
    const { results } = await runCases({ command: source(answer), cases, tiers: [codecTier], ...others });
    return results.map(({ id, status }) => `${id} ${status}`);
  };

  test("verdicts of a healthy and of a crashing testee", async () => {
    const needs = codecCase("codec/c", { features: ["clock"] });
    const later = codecCase("codec/d", { since: 2 });
    expect(await run("say({ id, ok: { bits: 1 } })", [codecCase("codec/a"), needs, later])).toEqual([
      "codec/a pass",
      "codec/c notApplicable",
      "codec/d notApplicable",
    ]);
    const dies =
      'if (input.nodeId === "codec/b") process.exit(1); say({ id, ok: { bits: input.nodeId === "codec/c" ? 2 : 1 } })';
    expect(await run(dies, [codecCase("codec/a"), codecCase("codec/b"), codecCase("codec/c")])).toEqual([
      "codec/a pass",
      "codec/b crash",
      "codec/c fail",
    ]);
  });

  test("a crash that passes alone is flaky", async () => {
    const answer = "count++; if (count === 2) process.exit(1); say({ id, ok: { bits: 1 } })";
    expect(await run(answer, [codecCase("codec/a"), codecCase("codec/b")])).toEqual(["codec/a pass", "codec/b flaky"]);
  });

  test("repetition finds what changes", async () => {
    const answer = "count++; say({ id, ok: { bits: count === 3 ? 2 : 1 } })";
    expect(await run(answer, [codecCase("codec/a")], { repeat: 4 })).toEqual(["codec/a flaky"]);
  });

  test("a null testee passes nothing and is quick", async () => {
    const cases = [codecCase("codec/a"), codecCase("codec/b")];
    expect(await run("", cases, { nullTestee: true, stepMs: 20 })).toEqual(["codec/a timeout", "codec/b timeout"]);
    expect(await run("process.exit(1)", cases, { nullTestee: true, stepMs: 500 })).toEqual([
      "codec/a crash",
      "codec/b crash",
    ]);
  });

  test("a budget ends the run", async () => {
    expect(await run("say({ id, ok: { bits: 1 } })", [codecCase("codec/a")], { budgetMs: 0 })).toEqual([
      "codec/a inconclusive",
    ]);
  });
});
