// Coverage for people: totals first, then a line for each rule.
import type { Coverage, RuleCoverage, Totals } from "./coverage.js";

function totalsLine(name: string, { total, covered, killed, unobservable }: Totals): string {
  return `${name.padEnd(6)} ${total} rules, ${covered} covered, ${killed} killed, ${unobservable} unobservable`;
}

function stateOf({ unobservable, cases, ran, mutants, killed, tried }: RuleCoverage): string {
  if (unobservable !== "") return "unobservable";
  if (cases.length === 0) return "no case";
  if (!ran) return "not run";
  if (mutants.length === 0) return "no mutant";
  if (!tried) return "not tried";
  return killed ? "killed" : "alive";
}

function ruleLine(rule: RuleCoverage, width: number): string {
  const { id, level, actor, cases, accepting, rejecting, mutants } = rule;
  const counts = `${cases.length} cases (+${accepting.length} −${rejecting.length}), ${mutants.length} mutants`;
  return `${id.padEnd(width)} ${level.padEnd(6)} ${actor.padEnd(9)} ${stateOf(rule).padEnd(12)} ${counts}`;
}

export function coverageText(coverage: Coverage): string {
  const width = Math.max(0, ...coverage.rules.map(({ id }) => id.length));
  const totals = [
    totalsLine("MUST", coverage.must),
    totalsLine("SHOULD", coverage.should),
    totalsLine("MAY", coverage.may),
  ];
  return [...totals, "", ...coverage.rules.map((rule) => ruleLine(rule, width))].join("\n");
}
