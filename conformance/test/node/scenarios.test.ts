// The scenario files themselves: each has the shape of the schema, uses only names that it made, and names controls that exist.
import { expect, test } from "vitest";
import { loadScenarios } from "../../src/case/index.js";
import { checkScenario } from "../../src/node/index.js";
import { unknownNames } from "../../src/node/check-scenario.js";

const scenarios = loadScenarios();
const ids = new Set(scenarios.map(({ id }) => id));

test("there are scenarios", () => {
  expect(scenarios.length).toBeGreaterThan(150);
  expect(ids.size).toBe(scenarios.length);
});

test("all have the shape of the schema", () => {
  const faults = scenarios.flatMap(({ id, scenario }) => {
    const checked = checkScenario(scenario);
    return "faults" in checked ? [`${id}: ${checked.faults.join("; ")}`] : [];
  });
  expect(faults).toEqual([]);
});

test("controls exist and are no rejections of the same kind", () => {
  const lost = scenarios.filter(({ id, control }) => control !== undefined && (!ids.has(control) || control === id));
  expect(lost.map(({ id }) => id)).toEqual([]);
});

test("a step that the schema does not know, and a member that the step does not have", () => {
  const head = { id: "node/session/x", rules: ["a.b"], comment: "x" };
  expect(checkScenario({ ...head, steps: [{ do: "sleep", ms: 100 }] })).toHaveProperty("faults");
  expect(checkScenario({ ...head, steps: [{ do: "connect", peer: "a", ms: 100 }] })).toHaveProperty("faults");
  expect(checkScenario({ ...head, steps: [{ do: "connect", peer: "a" }] })).toHaveProperty("scenario");
});

test("names that no step has made", () => {
  expect(unknownNames([{ do: "fence", peer: "a" }])).toEqual(["no step before makes the peer a"]);
  expect(
    unknownNames([
      { do: "connect", peer: "a" },
      { do: "flood", peer: "a", message: "m" },
    ]),
  ).toEqual(["no step before makes the message m"]);
});
