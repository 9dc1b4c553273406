// Steps that hold other steps, or concern the testee as a whole: repeat, takes, together, stop, advance.
import type { StepOf } from "../scenario.js";
import type { Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { atLast } from "./at-last.js";
import type { RunStep } from "./run-step.js";

export async function repeat(stage: Stage, step: StepOf<"repeat">, run: RunStep): Promise<void> {
  for (let round = 0; round < step.times; round++) {
    for (const inner of step.steps) await run(stage, inner);
  }
}

/** The inner steps take so long at least: what is slower than that passes, so a busy machine fails nobody. */
export async function takes(stage: Stage, step: StepOf<"takes">, run: RunStep): Promise<void> {
  const since = performance.now();
  for (const inner of step.steps) await run(stage, inner);
  const took = Math.round(performance.now() - since);
  if (took < step.ms) throw new StepFailure(`these steps to take ${step.ms} ms at least`, `${took} ms`);
}

/** What the inner steps write leaves in one write for each connection. */
export async function together(stage: Stage, step: StepOf<"together">, run: RunStep): Promise<void> {
  const links = [...stage.peers.values()].map((peer) => peer.link);
  for (const link of links) link.cork();
  try {
    for (const inner of step.steps) await run(stage, inner);
  } finally {
    for (const link of links) link.uncork();
  }
}

/** What is on its way comes at last: the steps are done again until they go well. */
export async function eventually(stage: Stage, step: StepOf<"eventually">, run: RunStep): Promise<void> {
  await atLast(stage, async () => {
    try {
      for (const one of step.steps) await run(stage, one);
      return undefined;
    } catch (error) {
      if (error instanceof StepFailure) return error;
      throw error;
    }
  });
}

export async function stop(stage: Stage, step: StepOf<"stop">): Promise<void> {
  const node = stage.node(step.node);
  await stage.command("node.stop", { node: node.handle });
  node.stopped = true;
}

export async function advance(stage: Stage, step: StepOf<"advance">): Promise<void> {
  await stage.command("clock.advance", { ms: step.ms });
  stage.advanced(step.ms);
}
