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
import type { Scheme } from "./carrier/index.js";
import { checkScenario } from "./check-scenario.js";
import { runScenario, type ScenarioOutcome } from "./run-scenario.js";
import type { Scenario } from "./scenario.js";
import { StepFailure } from "./step-failure.js";

const STEP_MS = 3_000;

/** A case whose scenario breaks its schema: a fault of this package. */
class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}

/** Runs cases of the node tier one after another on one testee process, over this carrier unless a case names its own. */
export function nodeTierOver(transport: Scheme): TierRunner {
  return { tier: "node", run: (testCase, context) => runCase(testCase, context, transport) };
}

/** Over TCP. */
export const nodeTier: TierRunner = nodeTierOver("tcp");

async function runCase(testCase: Case, context: RunContext, transport: Scheme): Promise<CaseResult> {
  const since = performance.now();
  if (testCase.tier !== "node") throw new ScenarioError(`${testCase.id} is no case of the node tier`);
  const checked = checkScenario(testCase.scenario);
  if ("faults" in checked) throw new ScenarioError(`${testCase.file}: ${testCase.id}: ${checked.faults.join("; ")}`);
  const { features } = context.testee.hello;
  const carrier = { transport: checked.scenario.transport ?? transport, hasExporter: features.includes("exporter") };
  const missing = notApplicable(testCase, checked.scenario, features, carrier.transport);
  if (missing !== undefined) return resultOf(testCase, "notApplicable", since, { message: missing });
  const crashed = await reset(testCase, context, since);
  if (crashed !== undefined) return crashed;
  const outcome = await runScenario(context.testee, checked.scenario, waitOf(context), carrier);
  const after = await reset(testCase, context, since);
  return judge(testCase, outcome, after, since, context);
}

/** Why a case says nothing about this testee over this carrier, or undefined. TCP is what every node has. */
function notApplicable(
  testCase: Case,
  { transports }: Scenario,
  features: readonly string[],
  transport: Scheme,
): string | undefined {
  const needs = ["node", ...testCase.features, ...(transport === "tcp" ? [] : [transport])];
  const missing = needs.find((name) => !features.includes(name));
  if (missing !== undefined) return `needs the feature ${missing}`;
  if (transports?.includes(transport) === false) return `says nothing about ${transport}`;
  return undefined;
}

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
