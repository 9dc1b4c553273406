// The verb `run`: selects, runs, reports.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { loadCases, type Case, type CaseResult } from "../case/index.js";
import { codecTier } from "../codec/index.js";
import { Testee } from "../link/index.js";
import { nodeTierOver } from "../node/index.js";
import { jsonReport, junitReport, tapReport, textReport } from "../report/index.js";
import {
  applyExpected,
  isExpected,
  readExpected,
  runCases,
  selectCases,
  totalsOf,
  type RunOutcome,
} from "../run/index.js";
import { checkTransport, readRunArguments, runUsage, type Format, type RunArguments } from "./run-options.js";
import { rulesById } from "./rule-texts.js";
import { EXIT, UsageError, type Verb } from "./verb.js";

const NULL_STEP_MS = 50;

/** One line on a terminal, gone at the end; nothing elsewhere. */
function progress(): { onResult: (result: CaseResult, done: number, total: number) => void; end: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { onResult: () => undefined, end: () => undefined };
  let shown = 0;
  return {
    onResult: ({ id }, done, total) => {
      const now = performance.now();
      if (now - shown < 100) return;
      shown = now;
      stderr.write(`\r\u001b[K${done}/${total} ${id.slice(0, 60)}`);
    },
    end: () => void stderr.write("\r\u001b[K"),
  };
}

async function execute(args: RunArguments, cases: readonly Case[]): Promise<RunOutcome> {
  const { command, shuffle, repeat, multiplier, nullTestee, jobs, budgetMs } = args;
  const line = progress();
  const outcome = await runCases({
    command,
    cases,
    tiers: [codecTier, nodeTierOver(args.transport)],
    multiplier,
    repeat,
    nullTestee,
    onResult: line.onResult,
    ...(shuffle === undefined ? {} : { seed: shuffle, shuffle: true }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(budgetMs === undefined ? {} : { budgetMs }),
    ...(nullTestee ? { stepMs: NULL_STEP_MS } : {}),
  });
  line.end();
  return outcome;
}

function withExpected(outcome: RunOutcome, args: RunArguments): RunOutcome {
  if (args.expected === undefined) return outcome;
  const { tier, pattern, rule } = args.selection;
  const complete = tier === undefined && pattern === undefined && rule === undefined;
  const results = applyExpected(outcome.results, readExpected(args.expected), complete);
  return { ...outcome, results, totals: totalsOf(results) };
}

function write(outcome: RunOutcome, args: RunArguments, cases: readonly Case[]): void {
  const rules = rulesById();
  const context = {
    testee: args.testee,
    transport: args.transport,
    ruleText: (id: string) => rules.get(id)?.text,
  };
  const texts: Readonly<Record<Format, () => string>> = {
    text: () => textReport(outcome, cases, context),
    json: () => jsonReport(outcome, args.transport),
    junit: () => junitReport(outcome),
    tap: () => tapReport(outcome),
  };
  for (const { format, file } of args.reports) {
    if (file === undefined) process.stdout.write(texts[format]());
    else writeReport(file, texts[format]());
  }
}

function writeReport(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(
      `the report ${file} cannot be written: ${(error as Error).message}. Next step: choose another file`,
    );
  }
}

/** Before anything runs: a carrier that the testee does not have would make every case not applicable. */
async function checkTestee({ command, transport, multiplier }: RunArguments): Promise<void> {
  if (transport === "tcp") return;
  const testee = await Testee.start({ command, multiplier });
  const { hello } = testee;
  await testee.shutdown();
  checkTransport(hello, transport);
}

async function run(words: readonly string[]): Promise<number> {
  const args = readRunArguments(words);
  // A list that cannot be read is said before anything runs.
  if (args.expected !== undefined) readExpected(args.expected);
  const cases = selectCases(loadCases(), args.selection);
  await checkTestee(args);
  const outcome = withExpected(await execute(args, cases), args);
  write(outcome, args, cases);
  if (outcome.ended === "budget") return EXIT.budget;
  return outcome.results.every(({ status }) => isExpected(status)) ? EXIT.asDeclared : EXIT.unexpected;
}

export const runVerb: Verb = { name: "run", summary: "judge a testee", usage: runUsage, run };
