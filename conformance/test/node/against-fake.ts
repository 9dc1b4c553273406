// Runs steps against a fake testee that knows nothing of them, for a short time: what waits for it to do something fails, what looks that
// it did nothing passes. The fakes are closed behind each test.
import { afterEach } from "vitest";
import { runScenario } from "../../src/node/run-scenario.js";
import type { Scenario } from "../../src/node/scenario.js";
import { FakeTestee } from "./fake-testee.js";

const waitMs = 150;

/** Call it once in a file of tests. */
export function againstFakes(): (scenario: Pick<Scenario, "steps" | "member">) => ReturnType<typeof runScenario> {
  const fakes: FakeTestee[] = [];
  afterEach(() => {
    for (const fake of fakes.splice(0)) fake.close();
  });
  return (scenario) => {
    const fake = new FakeTestee([]);
    fakes.push(fake);
    return runScenario(fake, { id: "node/test", rules: ["test.rule"], ...scenario }, waitMs);
  };
}
