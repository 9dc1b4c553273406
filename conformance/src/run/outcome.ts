// What came of a run: results with controls and repetitions taken into account, totals, and whether all went as declared.
import type { Case, CaseResult, Verdict } from "../case/index.js";
import type { Hello } from "../link/index.js";

export type Totals = Readonly<Record<Verdict | "scored", number>>;

export interface RunOutcome {
  /** Version of the specification. */
  readonly spec: string;
  readonly testee: Hello["implementation"];
  readonly seed: number;
  readonly totals: Totals;
  readonly results: readonly CaseResult[];
  /** Cases that only observe, with what they saw; never counted. */
  readonly observed: readonly CaseResult[];
  /** Why the run ended before its end, if it did. */
  readonly ended?: "crashes" | "budget";
  readonly ms: number;
}

const verdicts: readonly Verdict[] = [
  "pass",
  "fail",
  "fault",
  "crash",
  "timeout",
  "inconclusive",
  "flaky",
  "xfail",
  "xpass",
  "notApplicable",
];

/** Counts by verdict; `scored` is all but what is not applicable. */
export function totalsOf(results: readonly CaseResult[]): Totals {
  const count = (status: Verdict): number => results.filter((result) => result.status === status).length;
  const counts = Object.fromEntries(verdicts.map((status) => [status, count(status)])) as Record<Verdict, number>;
  return { scored: results.length - counts.notApplicable, ...counts };
}

/** True for the verdicts of a run in which all went as declared. */
export function isExpected(status: Verdict): boolean {
  return status === "pass" || status === "xfail" || status === "notApplicable";
}

/** True for a case that records and never judges. */
export function observes(testCase: Case): boolean {
  return testCase.tier === "codec" && "observe" in testCase.expect;
}

/** One result of several tries of one case: their verdict when it is the same in all, else flaky. */
export function combine(tries: readonly CaseResult[]): CaseResult {
  const [first] = tries as readonly [CaseResult];
  const other = tries.find((one) => one.status !== first.status);
  if (other === undefined) return first;
  const worse = first.status === "pass" ? other : first;
  const counts = verdicts
    .map((status) => ({ status, times: tries.filter((one) => one.status === status).length }))
    .filter(({ times }) => times > 0)
    .map(({ status, times }) => `${status} ${times}×`);
  return { ...worse, status: "flaky", message: `${counts.join(", ")}; ${worse.message ?? ""}` };
}

/** A pass proves nothing when the control, which differs by the defect alone, did not come out right. */
export function holdControls(results: readonly CaseResult[], cases: readonly Case[]): CaseResult[] {
  const status = new Map(results.map((result) => [result.id, result.status]));
  const controls = new Map(cases.map((testCase) => [testCase.id, testCase.control]));
  return results.map((result) => {
    const control = controls.get(result.id);
    if (result.status !== "pass" || control === undefined || status.get(control) === "pass") return result;
    const message = `its control ${control} did not pass (${status.get(control) ?? "not run"}), so this proves nothing`;
    return { ...result, status: "inconclusive", message };
  });
}
