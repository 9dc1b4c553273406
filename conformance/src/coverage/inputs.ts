// Gathers what coverage is computed from: rules, cases, the report of a run, the mutants, the last selftest, the unobservable rules.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, loadCases } from "../case/index.js";
import { mutantsOfReference } from "../mutants/program.js";
import { observes } from "../run/index.js";
import { readSpecification } from "../spec/specification.js";
import { kindsOf } from "./kinds.js";
import type { CoverageInput, CoveringCase, RuleMutant } from "./coverage.js";

/** Where `make` leaves the report of the reference's run and that of the selftest. */
const defaultReport = "conformance/out/reference.json";
export const selftestReport = "conformance/out/selftest.json";
const unobservableFile = "conformance/unobservable.json";

interface RunReport {
  readonly cases: readonly { readonly id: string; readonly status: string }[];
}

interface SelftestReport {
  readonly mutants: readonly { readonly id: string; readonly killed: boolean }[];
}

/** Verdicts that say nothing about the testee. */
const meaningless = new Set(["inconclusive", "notApplicable"]);

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** Cases that only observe cover nothing. Without a report every case counts as one that runs. */
function coveringCases(cases: readonly Case[], report: RunReport | undefined): CoveringCase[] {
  const status = report && new Map(report.cases.map((each) => [each.id, each.status]));
  return cases
    .filter((testCase) => !observes(testCase))
    .map((testCase) => {
      const { id, rules, control } = testCase;
      const { accepting, rejecting } = kindsOf(testCase);
      const ran = !status || !meaningless.has(status.get(id) ?? "notApplicable");
      const covering = { id, rules, accepting, rejecting, ran };
      return control === undefined ? covering : { ...covering, control };
    });
}

function ruleMutants(root: string, rules: ReadonlyMap<string, unknown>): RuleMutant[] {
  const last = readJson(join(root, selftestReport)) as SelftestReport | undefined;
  const killed = new Map(last?.mutants.map((mutant) => [mutant.id, mutant.killed]));
  return mutantsOfReference(root, rules).mutants.map(({ id, rule }) => ({ id, rule, killed: killed.get(id) }));
}

/** Rules that nothing outside of a node can see, with the reasons. */
export function readUnobservable(root: string): Record<string, string> {
  return (readJson(join(root, unobservableFile)) ?? {}) as Record<string, string>;
}

/** `reportFile` undefined: the default one, if it is there. */
export function readCoverageInput(root: string, reportFile?: string): CoverageInput {
  const spec = readSpecification(root);
  const report = readJson(reportFile ?? join(root, defaultReport)) as RunReport | undefined;
  return {
    rules: [...spec.byId.values()],
    cases: coveringCases(loadCases(), report),
    mutants: ruleMutants(root, spec.byId),
    unobservable: readUnobservable(root),
  };
}
