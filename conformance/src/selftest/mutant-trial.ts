// Law 3, for one mutant: the cases that cite its rule are put to it until one fails. Knows nothing of how mutants are made.
import type { Case, CaseResult } from "../case/index.js";
import { LinkError, Testee } from "../link/index.js";
import { kindsOf } from "../coverage/index.js";
import type { RunCase } from "./tiers.js";

export interface Trial {
  /** The whole run's cases by id, to find controls. */
  readonly byId: ReadonlyMap<string, Case>;
  readonly run: RunCase;
  readonly seed: number;
  /** Does the unchanged reference pass it? A case that it fails kills nothing. */
  readonly holdsOnReference: (testCase: Case) => Promise<boolean>;
}

export interface Outcome {
  readonly killed: boolean;
  readonly by: string;
  readonly verdict: string;
  readonly broken: boolean;
  readonly why: string;
  /** Cases that were put to it. */
  readonly cases: number;
}

/** Of the waiting times: what a mutant does not do within half of them, the reference did within less beside it. */
export const multiplier = 0.5;

/** Deaths by crash, timeout or fault before one of them is taken for want of a clean failure. */
const uncleanDeaths = 3;

/** Scenarios race against the mutant: those of a survivor are tried so often in all. */
const rounds = 3;

function* allRounds(cases: readonly Case[]): Generator<Case> {
  yield* cases;
  for (let round = 1; round < rounds; round++) yield* cases.filter(({ tier }) => tier === "node");
}

/** Those that say most about a rule come first: cheap ones, those of few rules, those that expect a refusal. */
function orderForTrial(cases: readonly Case[]): Case[] {
  const weight = (testCase: Case): number =>
    (testCase.tier === "node" ? 1000 : 0) + testCase.rules.length * 10 + (kindsOf(testCase).rejecting ? 0 : 1);
  return cases.toSorted((a, b) => weight(a) - weight(b) || (a.id < b.id ? -1 : 1));
}

const killedBy = ({ id, status, step }: CaseResult, cases: number): Outcome => ({
  killed: true,
  by: step === undefined ? id : `${id} at ${step}`,
  verdict: status,
  broken: false,
  why: "",
  cases,
});

const alive = (why: string, cases: number, broken = false): Outcome => ({
  killed: false,
  by: "",
  verdict: "",
  broken,
  why,
  cases,
});

/** The control must pass on the mutant: else the failure may have another reason than the rule. */
async function controlPasses(testee: Testee, testCase: Case, trial: Trial): Promise<boolean> {
  const control = trial.byId.get(testCase.control ?? "");
  if (!control) return true;
  const { status } = await trial.run(control, { testee, multiplier, seed: trial.seed });
  return status === "pass";
}

async function tryCases(testee: Testee, cases: readonly Case[], trial: Trial): Promise<Outcome> {
  const unclean: CaseResult[] = [];
  let failsOnReference = "";
  let tried = 0;
  for (const testCase of allRounds(orderForTrial(cases))) {
    tried++;
    const result = await trial.run(testCase, { testee, multiplier, seed: trial.seed });
    if (result.status === "pass" || result.status === "notApplicable") continue;
    if (!(await trial.holdsOnReference(testCase))) {
      failsOnReference = testCase.id;
      continue;
    }
    if (result.status === "fail" && (await controlPasses(testee, testCase, trial))) return killedBy(result, tried);
    if (unclean.push(result) >= uncleanDeaths) break;
  }
  if (unclean[0]) return killedBy(unclean[0], tried);
  const reason = failsOnReference === "" ? "" : `; ${failsOnReference} fails on the reference itself`;
  return alive(`all of its ${cases.length} cases pass${reason}`, tried);
}

/** Starts the adapter once and tries the cases of the rule. */
export async function tryMutant(adapter: string, cases: readonly Case[], trial: Trial): Promise<Outcome> {
  if (cases.length === 0) return alive("no case cites the rule", 0);
  let testee: Testee | undefined;
  try {
    testee = await Testee.start({ command: [process.execPath, adapter], maxCrashes: Infinity });
    return await tryCases(testee, cases, trial);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return alive(error.message, 0, true);
  } finally {
    await testee?.kill();
  }
}
