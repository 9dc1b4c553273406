// The node tier: takes a case of scenarios/, runs it, and says in a result what went otherwise and where.
import {
  resultOf,
  resultOfError,
  type Case,
  type CaseResult,
  type RunContext,
  type TierRunner,
} from "../case/index.js";
import { LinkError } from "../link/index.js";
import { checkScenario } from "./check-scenario.js";
import { runScenario, type ScenarioOutcome } from "./run-scenario.js";
import { StepFailure } from "./step-failure.js";

const STEP_MS = 3_000;

/** A case whose scenario breaks its schema: a fault of this package. */
class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}

/** Runs cases of the node tier one after another on one testee process. */
export const nodeTier: TierRunner = {
  tier: "node",
  async run(testCase: Case, context: RunContext): Promise<CaseResult> {
    const since = performance.now();
    if (testCase.tier !== "node") throw new ScenarioError(`${testCase.id} is no case of the node tier`);
    const missing = ["node", ...testCase.features].find((name) => !context.testee.hello.features.includes(name));
    if (missing !== undefined) {
      return resultOf(testCase, "notApplicable", since, { message: `needs the feature ${missing}` });
    }
    const checked = checkScenario(testCase.scenario);
    if ("faults" in checked) throw new ScenarioError(`${testCase.file}: ${testCase.id}: ${checked.faults.join("; ")}`);
    const crashed = await reset(testCase, context, since);
    if (crashed !== undefined) return crashed;
    const outcome = await runScenario(context.testee, checked.scenario, waitOf(context));
    const after = await reset(testCase, context, since);
    return judge(testCase, outcome, after, since, context);
  },
};

function waitOf({ stepMs, multiplier }: RunContext): number {
  return stepMs ?? STEP_MS * multiplier;
}

/** Stops all nodes and forgets all events; gives a result when the testee cannot even do that. */
async function reset(testCase: Case, { testee }: RunContext, since: number): Promise<CaseResult | undefined> {
  try {
    const reply = await testee.request("reset", {});
    testee.events.clear();
    if (reply.kind === "ok") return undefined;
    return resultOf(testCase, "fault", since, { message: `reset: ${JSON.stringify(reply)}` });
  } catch (error) {
    return resultOfError(testCase, error, since, { stderr: testee.stderrTail() });
  }
}

function judge(
  testCase: Case,
  outcome: ScenarioOutcome,
  after: CaseResult | undefined,
  since: number,
  { testee }: RunContext,
): CaseResult {
  const { error, step = "", trace, notes } = outcome;
  const context = { step, stderr: testee.stderrTail(), trace };
  // A process that is gone explains everything that was missed before.
  if (after !== undefined) return { ...after, ...context };
  if (error === undefined)
    return resultOf(testCase, "pass", since, notes.length > 0 ? { message: notes.join("; ") } : {});
  if (error instanceof LinkError) return resultOfError(testCase, error, since, context);
  if (!(error instanceof StepFailure)) throw error as Error;
  const { expected, actual, code, message } = error;
  const details = { message: `step ${step}: ${message}`, expected, actual, ...context };
  return resultOf(testCase, "fail", since, code === undefined ? details : { ...details, code });
}
