// Law 3, for all mutants: each is laid out beside a snapshot of the reference and tried, a few at a time.
import { availableParallelism } from "node:os";
import type { Case } from "../case/index.js";
import { Testee } from "../link/index.js";
import { type Mutant, layOutMutant, takeSnapshot } from "../mutants/index.js";
import { multiplier, type Outcome, type Trial, tryMutant } from "./mutant-trial.js";
import { onceEach } from "./once-each.js";
import { inParallel } from "./pool.js";
import { observes } from "../run/index.js";
import type { MutantResult } from "./report.js";
import type { RunCase } from "./tiers.js";

export interface MutantOptions {
  readonly root: string;
  /** Folder that is emptied and filled with the mutants. */
  readonly out: string;
  readonly mutants: readonly Mutant[];
  readonly cases: readonly Case[];
  readonly run: RunCase;
  readonly seed: number;
  readonly onDone: (result: MutantResult) => void;
}

/** Most of a mutant's time is waiting for what does not come. */
const atOnce = 2 * availableParallelism();

/** Those that only a live node can show take long: they begin, so that the end is not one of them alone. */
function slowFirst(mutants: readonly Mutant[], cases: readonly Case[]): Mutant[] {
  const quick = new Set(cases.filter(({ tier }) => tier === "codec").flatMap(({ rules }) => rules));
  return [...mutants.filter(({ rule }) => !quick.has(rule)), ...mutants.filter(({ rule }) => quick.has(rule))];
}

function resultOf({ id, rule, file, line, change }: Mutant, outcome: Outcome, since: number): MutantResult {
  const { killed, by, ...rest } = outcome;
  return { id, rule, killed, by, ...rest, at: `${file}:${line}`, change, ms: Math.round(performance.now() - since) };
}

export async function runMutants(options: MutantOptions): Promise<MutantResult[]> {
  const { run, seed } = options;
  const snapshot = takeSnapshot(options.root, options.out);
  const scored = options.cases.filter((testCase) => !observes(testCase));
  const byId = new Map(options.cases.map((testCase) => [testCase.id, testCase]));
  const reference = await Testee.start({
    command: [process.execPath, `${snapshot}/adapter.mjs`],
    maxCrashes: Infinity,
  });
  const holdsOnReference = onceEach(
    ({ id }: Case) => id,
    async (testCase) => (await run(testCase, { testee: reference, multiplier, seed })).status === "pass",
  );
  const trial: Trial = { byId, run, seed, holdsOnReference };
  try {
    const results = await inParallel(slowFirst(options.mutants, scored), atOnce, async (mutant) => {
      const since = performance.now();
      const adapter = layOutMutant(snapshot, options.out, mutant);
      const cases = scored.filter(({ rules }) => rules.includes(mutant.rule));
      const result = resultOf(mutant, await tryMutant(adapter, cases, trial), since);
      options.onDone(result);
      return result;
    });
    return results.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  } finally {
    await reference.kill();
  }
}
