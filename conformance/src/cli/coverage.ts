// The verb `coverage`: which rules are proven, by which cases and mutants; with --gate, what is missing.
import { coverageOf, coverageText, gate, readCoverageInput } from "../coverage/index.js";
import { mutantsOfReference } from "../mutants/index.js";
import { formatFinding } from "../spec/finding.js";
import { readSpecification } from "../spec/specification.js";
import { repositoryRoot } from "./rule-texts.js";
import { EXIT, parseWords, type Verb } from "./verb.js";

const usage = `usage: motet-conformance coverage [--json] [--gate] [--report FILE]

Shows for every rule its cases, whether they ran in the report (conformance/out/reference.json), its mutants and whether they
died in the last selftest (conformance/out/selftest.json). --gate fails, and says what is missing, unless every MUST has a case
that ran, both kinds where a receiver refuses, and dead mutants, or a reason in conformance/unobservable.json.
`;

function coverage(args: readonly string[]): number {
  const options = { json: { type: "boolean" }, gate: { type: "boolean" }, report: { type: "string" } } as const;
  const { values } = parseWords("coverage", { args: [...args], options });
  const input = readCoverageInput(repositoryRoot, values.report);
  const covered = coverageOf(input);
  process.stdout.write(values.json ? `${JSON.stringify(covered, undefined, 1)}\n` : `${coverageText(covered)}\n`);
  if (!values.gate) return EXIT.asDeclared;
  const { problems } = mutantsOfReference(repositoryRoot, readSpecification(repositoryRoot).byId);
  const gaps = [...problems.map(formatFinding), ...gate(covered, input.unobservable)];
  process.stderr.write(gaps.map((gap) => `${gap}\n`).join("") + `${gaps.length} gaps\n`);
  return gaps.length > 0 ? EXIT.unexpected : EXIT.asDeclared;
}

export const coverageVerb: Verb = {
  name: "coverage",
  summary: "show which rules are proven, by which cases and mutants",
  usage,
  run: coverage,
};
