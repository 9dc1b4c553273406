// The verb `selftest`: null testees, mutants of the reference, golden against the reference.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadCases } from "../case/index.js";
import { selftestReport } from "../coverage/index.js";
import {
  type MutantResult,
  type NullResult,
  parts,
  selftest,
  selftestIsGood,
  selftestText,
} from "../selftest/index.js";
import { repositoryRoot } from "./rule-texts.js";
import { EXIT, parseWords, UsageError, type Verb, wholeNumber } from "./verb.js";

const usage = `usage: motet-conformance selftest [--json] [--only ${parts.join("|")}] [--mutants GLOB] [--seed N] [--inputs N] [--keep]

null          testees that do nothing right pass no case
mutants       every mutant of the reference fails a case of its rule; --mutants takes those of some ids or rules only
differential  golden codec and reference judge alike, on all vectors and N random inputs (2000)

A whole selftest leaves its report in ${selftestReport}, where coverage finds it. --keep leaves the mutants on disk.
`;

const options = {
  json: { type: "boolean" },
  only: { type: "string" },
  mutants: { type: "string" },
  seed: { type: "string" },
  inputs: { type: "string" },
  keep: { type: "boolean" },
} as const;

/** On a terminal, one line that goes away; elsewhere nothing, for the summary says it all. */
function progress(result: NullResult | MutantResult): void {
  const { stderr } = process;
  if (!stderr.isTTY) return;
  const text = "rule" in result ? `${result.id} ${result.killed ? "killed" : "lives"}` : result.name;
  stderr.write(`\r\u001b[K${text.slice(0, 70)}`);
}

async function run(args: readonly string[]): Promise<number> {
  const { values } = parseWords("selftest", { args: [...args], options });
  const only = parts.find((part) => part === values.only);
  if (values.only !== undefined && only === undefined) {
    throw new UsageError(`--only is one of ${parts.join(", ")}, not ${values.only}`);
  }
  const part = only ?? (values.mutants === undefined ? undefined : "mutants");
  const report = await selftest({
    root: repositoryRoot,
    cases: loadCases(),
    seed: wholeNumber("seed", values.seed) ?? 1,
    inputs: wholeNumber("inputs", values.inputs) ?? 2000,
    keep: values.keep === true,
    onDone: progress,
    ...(part === undefined ? {} : { only: part }),
    ...(values.mutants === undefined ? {} : { mutants: values.mutants }),
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  const json = `${JSON.stringify(report, undefined, 1)}\n`;
  process.stdout.write(values.json ? json : `${selftestText(report)}\n`);
  if (values.json && !selftestIsGood(report)) process.stderr.write(`${selftestText(report)}\n`);
  if (part === undefined) {
    const file = join(repositoryRoot, selftestReport);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, json);
  }
  return selftestIsGood(report) ? EXIT.asDeclared : EXIT.unexpected;
}

export const selftestVerb: Verb = {
  name: "selftest",
  summary: "test the runner itself: null testees, mutants of the reference, differential",
  usage,
  run,
};
