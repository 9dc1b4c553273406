// Runs one scenario: fresh nodes, the steps, a last look that the testee still serves, and memory.
// What fails carries the number and the text of its step.
import type { Testee } from "../link/index.js";
import { expectAlive } from "./handshake.js";
import { residentBytes } from "./memory.js";
import type { Scenario, Step } from "./scenario.js";
import { Stage, type StageOptions } from "./stage.js";
import { StepFailure } from "./step-failure.js";
import { runStep, stepText } from "./steps/run-step.js";

/** How a scenario came out. `error` is what was thrown, and `step` where. */
export interface ScenarioOutcome {
  readonly error?: unknown;
  readonly step?: string;
  readonly trace: readonly string[];
  /** Things to know that are no failure. */
  readonly notes: readonly string[];
}

/** Runs a scenario against a testee that has just been reset. */
export async function runScenario(
  testee: Pick<Testee, "request" | "events" | "pid">,
  scenario: Scenario,
  waitMs: number,
  carrier: Pick<StageOptions, "transport" | "hasExporter"> = {},
): Promise<ScenarioOutcome> {
  const stage = new Stage({ testee, scenario, waitMs, ...carrier });
  const notes: string[] = [];
  let step = "start";
  const at = (label: string): void => void (step = label);
  try {
    await walk(stage, at, () => residentBytes(testee.pid), notes);
    return { trace: stage.trace.lines, notes };
  } catch (error) {
    return { error, step, trace: stage.trace.lines, notes };
  } finally {
    stage.close();
  }
}

async function walk(
  stage: Stage,
  at: (label: string) => void,
  memory: () => number | undefined,
  notes: string[],
): Promise<void> {
  const { scenario } = stage;
  if (scenario.startRejects !== undefined) {
    return stage.refusedCommand("node.start", stage.startInput("testee"), scenario.startRejects);
  }
  await stage.startNode("testee");
  if (scenario.memory !== undefined) await expectAlive(stage);
  const before = memory();
  await walkSteps(stage, scenario.steps, at);
  await expectAllAlive(stage, at);
  at("memory");
  if (scenario.memory !== undefined) checkMemory(before, memory(), scenario.memory.growthBelow, notes);
}

async function walkSteps(stage: Stage, steps: readonly Step[], at: (label: string) => void): Promise<void> {
  for (const [index, step] of steps.entries()) {
    at(`${index + 1} ${stepText(step)}`);
    await runStep(stage, step);
  }
}

/** After whatever was done to it, a node serves a fresh connection. */
async function expectAllAlive(stage: Stage, at: (label: string) => void): Promise<void> {
  if (stage.scenario.aliveAtEnd === false) return;
  for (const node of stage.nodes.values()) {
    at(`alive at the end, ${node.name}`);
    if (!node.stopped) await expectAlive(stage, node.name);
  }
}

function checkMemory(before: number | undefined, after: number | undefined, below: number, notes: string[]): void {
  if (before === undefined || after === undefined) {
    notes.push("memory was not checked: this system does not tell it");
    return;
  }
  const growth = after - before;
  if (growth < below) return;
  throw new StepFailure(`memory to grow by less than ${below} bytes`, `${growth} bytes`);
}
