// Steps of the table against a fake testee that knows nothing of tables: what waits for it to do something must fail. What virtual nodes
// answer is shown on a table of their own.
import { expect, test } from "vitest";
import type { Step } from "../../src/node/scenario.js";
import { StepFailure } from "../../src/node/step-failure.js";
import { againstFakes } from "./against-fake.js";

const runAgainstFake = againstFakes();

const made: readonly Step[] = [
  { do: "buildRing", nodes: 8 },
  { do: "makeKey", key: "k", owned: { "0": "testee" }, anywhere: true },
  { do: "makeTableRecord", record: "r", key: "k" },
];

const run = (...steps: readonly Step[]) => runAgainstFake({ member: true, steps: [...made, ...steps] });

test("records are made, held and looked for", async () => {
  const { error } = await run(
    { do: "makeTableRecord", record: "newer", like: "r", sequence: { plus: 1 }, payload: "b" },
    { do: "makeTableRecord", record: "larger", like: "r", digest: "larger" },
    { do: "makeTableRecord", record: "forged", like: "r", signature: "flipped" },
    { do: "hold", nodes: ["after1"], records: ["newer", "r"] },
    { do: "expectHeld", nodes: ["after1"], record: "newer" },
    { do: "expectNotHeld", nodes: ["after2", "before1"], key: "k" },
    { do: "spread", records: ["larger"] },
    { do: "expectNotAsked", asks: ["PUT", "CHANGED after1"], with: { record: { kept: "r" } } },
  );
  expect(error).toBeUndefined();
});

test.each<[string, Step]>([
  ["answers GET", { do: "tableAsk", by: "observer", command: "GET", key: "k" }],
  ["refuses a PUT", { do: "tableAsk", by: "before1", command: "PUT", record: "r", code: "MISUSE" }],
  ["stores", { do: "fillStore", by: "observer", count: 1, valueBytes: 1 }],
  ["sends its records on", { do: "expectAsked", asks: ["PUT after1"], with: { record: { kept: "r" } } }],
  ["writes", { do: "expectWritten", key: "k", record: "s", clock: true }],
  ["hands over", { do: "expectHeld", nodes: ["after1"], record: "r" }],
  ["hears of changes", { do: "expectChanged", key: "k", record: "r" }],
  ["does so at last", { do: "eventually", steps: [{ do: "expectHeld", nodes: ["after1"], record: "r" }] }],
])("%s: a testee without a table fails", async (_name, step) => {
  expect((await run(step)).error).toBeInstanceOf(StepFailure);
});
