// The verb `vectors`: lint and generate.
import { relative } from "node:path";
import { loadScenarios, scenariosRoot, specRoot, vectorsRoot, type CodecCase } from "../case/index.js";
import { generate, isRejection, lintVectors, lockFindings, outOfDate, readIdLock } from "../vectors/index.js";
import { repositoryRoot, rulesById } from "./rule-texts.js";
import { EXIT, parseWords, UsageError, type Verb } from "./verb.js";

const usage = `usage: motet-conformance vectors lint
       motet-conformance vectors generate [--check]

lint      schema, canonical form, ids (unique, locked, those of scenarios too), rules, controls; prints counts
generate  writes the vectors, the locks of all ids and the worked examples of the specification; --check only says what is out of date
`;

const roots = { vectors: vectorsRoot, spec: specRoot, scenarios: scenariosRoot };
const shown = (path: string): string => relative(repositoryRoot, path);

function counts(cases: readonly CodecCase[]): string {
  const areas = new Map<string, { all: number; rejections: number }>();
  for (const testCase of cases) {
    const area = testCase.id.split("/")[1] ?? "";
    const sum = areas.get(area) ?? { all: 0, rejections: 0 };
    areas.set(area, { all: sum.all + 1, rejections: sum.rejections + (isRejection(testCase) ? 1 : 0) });
  }
  const rules = new Set(cases.flatMap(({ rules: cited }) => cited));
  const lines = [...areas].map(
    ([area, { all, rejections }]) =>
      `  ${area.padEnd(12)}${String(all).padStart(5)}  ${String(rejections).padStart(5)} rejections`,
  );
  const rejections = cases.filter(isRejection).length;
  return [...lines, `${cases.length} vectors, ${rejections} rejections, ${rules.size} rules`, ""].join("\n");
}

function lint(): number {
  const rules = new Set(rulesById().keys());
  const { findings, cases } = lintVectors(vectorsRoot, rules);
  const stale = outOfDate(roots).map((path) => `${shown(path)} is not what vectors generate makes`);
  const scenarioIds = loadScenarios().map(({ id }) => id);
  const all = [...findings, ...lockFindings(scenarioIds, readIdLock(scenariosRoot)), ...stale];
  process.stdout.write(all.map((finding) => `${finding}\n`).join(""));
  if (all.length > 0) process.stderr.write(`${all.length} findings. Next step: motet-conformance vectors generate\n`);
  process.stdout.write(counts(cases));
  return all.length > 0 ? EXIT.unexpected : EXIT.asDeclared;
}

function write(check: boolean): number {
  const changed = check ? outOfDate(roots) : generate(roots);
  process.stdout.write(changed.map((path) => `${shown(path)}\n`).join(""));
  if (!check || changed.length === 0) return EXIT.asDeclared;
  process.stderr.write("out of date. Next step: motet-conformance vectors generate\n");
  return EXIT.unexpected;
}

function vectors(args: readonly string[]): number {
  const options = { check: { type: "boolean" } } as const;
  const { values, positionals } = parseWords("vectors", { args: [...args], options, allowPositionals: true });
  const [what, ...more] = positionals;
  if (more.length === 0 && what === "lint" && values.check === undefined) return lint();
  if (more.length === 0 && what === "generate") return write(values.check ?? false);
  throw new UsageError("vectors takes lint or generate. Next step: motet-conformance vectors --help");
}

export const vectorsVerb: Verb = { name: "vectors", summary: "check or make the vectors", usage, run: vectors };
