// The model of the ring: every reachable state of the small scopes keeps the invariants, and each rule left out is found out.
// With MOTET_TESTS=all every scope. The programs are plain JavaScript, so what is used of them is typed here.
import { expect, test } from "vitest";
import { longTest, runs } from "../../harness/runs.js";

interface Explored {
  readonly states: number;
  readonly property?: string;
}
interface Checks {
  readonly check: (name: string) => Explored;
  readonly checkMutant: (name: string) => Explored;
  readonly allNames: (isFull: boolean) => readonly string[];
  readonly mutantNames: readonly string[];
  readonly violatedBy: (name: string) => string;
}

const { check, checkMutant, allNames, mutantNames, violatedBy } = (await import(
  new URL("checks.mjs", import.meta.url).href
)) as Checks;

test.each(allNames(runs(0, 1) === 1))(
  "in every state, %s: a live entry, principals, ordered lists, one ordered ring",
  (name) => {
    const { property, states } = check(name);
    expect(property).toBeUndefined();
    expect(states).toBeGreaterThan(1000);
  },
  longTest,
);

test.each(mutantNames)(
  "a rule left out is found out: %s",
  (name) => {
    expect(checkMutant(name).property).toBe(violatedBy(name));
  },
  longTest,
);
