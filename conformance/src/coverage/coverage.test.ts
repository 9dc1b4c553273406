import { describe, expect, test } from "vitest";
import { parseSpecification } from "../spec/specification.js";
import { type CoverageInput, type CoveringCase, type RuleMutant, coverageOf } from "./coverage.js";
import { gate } from "./gate.js";
import { coverageText } from "./text.js";

const ruleOf = (id: string, text: string) => `r[${id}] ${text}\n\n`;
const { rules } = parseSpecification([
  {
    file: "spec/01-t.md",
    text:
      ruleOf("a.refuse", "A receiver MUST refuse as MALFORMED what is wrong.") +
      ruleOf("a.send", "A sender MUST NOT send it.") +
      ruleOf("a.should", "A node SHOULD do it.") +
      ruleOf("a.may", "A node MAY do it."),
  },
]);

const caseOf = (id: string, rule: string, more: Partial<CoveringCase> = {}): CoveringCase => ({
  id,
  rules: [rule],
  accepting: more.rejecting !== true,
  rejecting: false,
  ran: true,
  ...more,
});
const mutant = (id: string, killed?: boolean): RuleMutant => ({ id, rule: id.replace(/#.*/, ""), killed });

const full: CoverageInput = {
  rules,
  cases: [
    caseOf("codec/bad", "a.refuse", { rejecting: true, control: "codec/good" }),
    caseOf("codec/sent", "a.send"),
    caseOf("codec/more", "a.send"),
  ],
  mutants: [mutant("a.refuse#1", true), mutant("a.send#1", true), mutant("a.send#2", true)],
  unobservable: {},
};
const gapsWith = (change: Partial<CoverageInput>): string[] => {
  const input = { ...full, ...change };
  return gate(coverageOf(input), input.unobservable);
};

describe("coverage", () => {
  test("counts MUST and MUST NOT together, SHOULD and MAY apart", () => {
    const { must, should, may } = coverageOf(full);
    expect(must).toEqual({ total: 2, covered: 2, killed: 2, unobservable: 0 });
    expect([should.total, may.total]).toEqual([1, 1]);
  });

  test("lists cases by kind, a control being an accepting case", () => {
    expect(coverageOf(full).rules[0]).toEqual({
      id: "a.refuse",
      level: "MUST",
      actor: "receiver",
      cases: ["codec/bad"],
      accepting: ["codec/good"],
      rejecting: ["codec/bad"],
      ran: true,
      refuses: true,
      mutant: "a.refuse#1",
      mutants: ["a.refuse#1"],
      killed: true,
      tried: true,
      unobservable: "",
    });
  });

  test("calls a rule killed when all of its mutants are", () => {
    const killed = (...mutants: RuleMutant[]) => coverageOf({ ...full, mutants }).rules[1]?.killed;
    expect(killed(mutant("a.send#1", true), mutant("a.send#2", true))).toBe(true);
    expect(killed(mutant("a.send#1", true), mutant("a.send#2", false))).toBe(false);
    expect(killed(mutant("a.send#1"))).toBe(false);
    expect(killed()).toBe(false);
  });

  test("prints totals first", () => {
    const [first, , , , line] = coverageText(coverageOf(full)).split("\n");
    expect(first).toBe("MUST   2 rules, 2 covered, 2 killed, 0 unobservable");
    expect(line).toContain("killed       1 cases (+1 −1), 1 mutants");
  });
});

describe("the gate", () => {
  test("is open when nothing is missing; SHOULD and MAY do not close it", () => {
    expect(gapsWith({})).toEqual([]);
  });

  test.each([
    ["no case", { cases: full.cases.slice(0, 1) }],
    ["none of its cases ran", { cases: full.cases.map((each) => ({ ...each, ran: each.id === "codec/bad" })) }],
    ["no mutant", { mutants: full.mutants.slice(0, 1) }],
    ["its mutants were not tried", { mutants: [...full.mutants.slice(0, 2), mutant("a.send#2")] }],
    ["not all of its mutants died", { mutants: [...full.mutants.slice(0, 2), mutant("a.send#2", false)] }],
  ])("closes on: %s", (expected, change) => {
    const gaps = gapsWith(change);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toContain(`a.send: ${expected}`);
  });

  test("wants both kinds of cases for what a receiver refuses", () => {
    const rest = full.cases.slice(1);
    expect(gapsWith({ cases: [caseOf("codec/good", "a.refuse"), ...rest] })).toEqual([
      expect.stringContaining("a.refuse: no rejecting case"),
    ]);
    expect(gapsWith({ cases: [caseOf("codec/bad", "a.refuse", { rejecting: true }), ...rest] })).toEqual([
      expect.stringContaining("a.refuse: no accepting case"),
    ]);
  });

  test("takes a reason in the place of cases and mutants, for one rule in ten", () => {
    const cases = full.cases.slice(0, 1);
    const mutants = full.mutants.slice(0, 1);
    const only = { cases, mutants, unobservable: { "a.send": "nobody sees it" } };
    expect(gapsWith(only)).toEqual([expect.stringContaining("1 of 2 MUST rules are unobservable")]);
    const many = Array.from({ length: 10 }, (_, index) => ({ ...rules[0], id: `b.${index}` }) as (typeof rules)[0]);
    const manyCases = many.map(({ id }) => caseOf(`codec/${id}`, id, { rejecting: true, control: "codec/good" }));
    const manyMutants = many.map(({ id }) => mutant(`${id}#1`, true));
    const enough = {
      ...only,
      rules: [...rules, ...many],
      cases: [...cases, ...manyCases],
      mutants: [...mutants, ...manyMutants],
    };
    expect(gapsWith(enough)).toEqual([]);
    expect(gapsWith({ ...enough, unobservable: { "a.send": " " } })[0]).toContain("without a reason");
    expect(gapsWith({ ...enough, unobservable: { "a.send": "x", "a.gone": "y" } })[0]).toContain("a.gone: is listed");
    expect(gapsWith({ ...enough, cases: [...enough.cases, ...full.cases.slice(1)] })[0]).toContain("take it off");
  });
});
