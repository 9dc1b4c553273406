// What is on its way comes at last: looks again until nothing is missing, for as long as a step may take.
import { setTimeout } from "node:timers/promises";
import type { Stage } from "../stage.js";
import type { StepFailure } from "../step-failure.js";

const LOOK_MS = 10;

/** @param look answers what is missing yet; what it throws is wrong for good. */
export async function atLast(stage: Stage, look: () => Promise<StepFailure | undefined>): Promise<void> {
  const deadline = performance.now() + stage.waitMs;
  for (;;) {
    const missing = await look();
    if (missing === undefined) return;
    if (performance.now() > deadline) throw missing;
    await setTimeout(LOOK_MS);
  }
}
