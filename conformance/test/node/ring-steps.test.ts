// Steps of the ring against a fake testee that knows nothing of rings: what waits for it to do something must fail, what looks that it
// did nothing must pass. That a testee which does it rightly passes, and each mutant of it fails, is shown by the scenarios themselves.
import { expect, test } from "vitest";
import type { Step } from "../../src/node/scenario.js";
import { StepFailure } from "../../src/node/step-failure.js";
import { againstFakes } from "./against-fake.js";

const runAgainstFake = againstFakes();

const build: Step = { do: "buildRing", nodes: 8, without: ["after2"] };

const run = (...steps: readonly Step[]) => runAgainstFake({ steps: [build, ...steps] });

test("nodes of the ring dial the testee, and say what they are told", async () => {
  const { error } = await run(
    { do: "meet", nodes: ["after1", "before1"] },
    { do: "ringSend", node: "after1", command: "NOTIFY", times: 3 },
    { do: "ringNode", nodes: ["after1"], dead: true },
    { do: "ringNode", nodes: ["all"], step: "crawl", present: true },
    { do: "expectNotAsked", asks: ["STATE", "STEP after1", "DIAL another"] },
    { do: "expectAskedAtMost", command: "STATE", count: 0 },
    { do: "takePart", how: "join", contacts: ["after1", "gate", "nowhere", "{ring}"] },
    { do: "lookUp", request: "l", target: "after1", contact: "before1" },
    { do: "forget" },
    { do: "dropTestee" },
  );
  expect(error).toBeUndefined();
});

test.each<[string, Step]>([
  ["asked", { do: "expectAsked", asks: ["STATE after1"] }],
  ["asked in any order", { do: "expectAsked", asks: ["STEP"], anyOrder: true, target: { of: "after1", plus: "-2^3" } }],
  ["its state", { do: "expectState", phase: 2 }],
  ["its state, at once, by a node of the ring", { do: "expectState", by: "after1", still: true }],
  ["its step", { do: "expectStep", target: "testee", owners: ["after1"] }],
  ["refuses to take part", { do: "takePart", how: "leave", reject: "MISUSE" }],
  ["joins", { do: "joined" }],
])("%s: a testee without a ring fails", async (_name, step) => {
  expect((await run(step)).error).toBeInstanceOf(StepFailure);
});
