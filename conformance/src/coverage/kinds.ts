// Whether a case expects something to be taken, or refused, or both: a scenario often shows the good beside the bad.
import type { Case } from "../case/index.js";

export interface Kinds {
  readonly accepting: boolean;
  readonly rejecting: boolean;
}

/** Steps that pass only when the testee refused, dropped or kept silent. */
const refusing = new Set(
  (
    "expectClose expectSilentClose expectNoEvent expectQuiet expectGone glut " +
    "expectNone expectNoOutcome expectNoDial press expectNotAsked expectAskedAtMost " +
    "expectNotHeld tableNoAnswer"
  ).split(" "),
);
/** Steps that pass only when the testee took what it was sent, and said or sent so. */
const taking = new Set(
  (
    "expectEvent expectBroadcast expectFrame " +
    "expectTold expectCommanded expectOutcome expectPeers expectRecord expectSkew expectStale welcome " +
    "joined expectAsked expectState expectStep tableAsk expectHeld expectWritten expectChanged"
  ).split(" "),
);

/** Steps that want an answer, or FAILED with a code. */
const asking = new Set(["tableAsk", "fillStore"]);

function membersOf(scenario: unknown): [string, unknown][] {
  if (typeof scenario !== "object" || scenario === null) return [];
  return Object.entries(scenario).flatMap(([key, value]): [string, unknown][] => [[key, value], ...membersOf(value)]);
}

export function kindsOf(testCase: Case): Kinds {
  if (testCase.tier === "codec") {
    const rejecting = testCase.control !== undefined || "reject" in testCase.expect;
    return { accepting: !rejecting, rejecting };
  }
  const members = membersOf(testCase.scenario);
  const does = (steps: ReadonlySet<string>): boolean =>
    members.some(([key, value]) => key === "do" && typeof value === "string" && steps.has(value));
  const refused = members.some(([key]) => key === "reject" || key === "startRejects");
  const failed = does(asking) && members.some(([key]) => key === "code");
  const rejecting = testCase.control !== undefined || refused || failed || does(refusing);
  return { accepting: !rejecting || does(taking), rejecting };
}
