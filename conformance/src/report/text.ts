// The report for people: one line an area, every unexpected result with what it takes to understand it, totals.
import type { Case, CaseResult } from "../case/index.js";
import { isExpected, type RunOutcome } from "../run/index.js";
import { failureLines, type FailureContext } from "./failure.js";

/** Failures shown in full; of further ones there is a line each, up to LISTED. */
const SHOWN = 20;
const LISTED = 200;

const areaOf = (id: string): string => id.split("/").slice(0, 2).join("/");

function areaLines(results: readonly CaseResult[]): string[] {
  const areas = new Map<string, CaseResult[]>();
  for (const result of results) areas.set(areaOf(result.id), [...(areas.get(areaOf(result.id)) ?? []), result]);
  const width = Math.max(...[...areas.keys()].map((area) => area.length));
  return [...areas].map(([area, own]) => {
    const scored = own.filter(({ status }) => status !== "notApplicable");
    const passed = scored.filter(({ status }) => status === "pass").length;
    const apart = own.length - scored.length;
    const others = apart > 0 ? `  (${apart} not applicable)` : "";
    return `  ${area.padEnd(width)}  ${`${passed}/${scored.length}`.padStart(9)}${passed < scored.length ? "  ✗" : ""}${others}`;
  });
}

function totalsLine({ totals, ms }: RunOutcome): string {
  const names = ["fail", "fault", "crash", "timeout", "inconclusive", "flaky", "xfail", "xpass"] as const;
  const others = names.filter((name) => totals[name] > 0).map((name) => `${totals[name]} ${name}`);
  const apart = totals.notApplicable > 0 ? [`${totals.notApplicable} not applicable, not counted`] : [];
  return [`${totals.pass} of ${totals.scored} passed`, ...others, ...apart, `${(ms / 1000).toFixed(1)} s`].join(", ");
}

function unexpectedLines(
  bad: readonly CaseResult[],
  byId: ReadonlyMap<string, Case>,
  context: FailureContext,
): string[] {
  const shown = bad.slice(0, SHOWN).flatMap((result) => ["", ...failureLines(result, byId.get(result.id), context)]);
  const rest = bad.slice(SHOWN);
  if (rest.length === 0) return shown;
  const listed = rest
    .slice(0, LISTED)
    .map(({ status, id, message = "" }) => `${status.toUpperCase()} ${id}  ${message}`);
  const more = rest.length > LISTED ? [`… and ${rest.length - LISTED} more`] : [];
  return [...shown, "", ...listed, ...more, "Next step: --case ID shows one in full; --report json=FILE holds all"];
}

export function textReport(outcome: RunOutcome, cases: readonly Case[], context: FailureContext): string {
  const { testee, results, observed, seed, ended } = outcome;
  const byId = new Map(cases.map((testCase) => [testCase.id, testCase]));
  const bad = results.filter(({ status }) => !isExpected(status));
  const ends = {
    crashes: "The run ended early: the testee crashed too often.",
    budget: "The run ended early: the time budget was used up.",
  };
  return [
    `${testee.name} ${testee.version} (${testee.language}), seed ${seed}`,
    ...areaLines(results),
    ...unexpectedLines(bad, byId, context),
    ...observed.map(({ id, message = "" }) => `observed ${id}: ${message}`),
    "",
    ...(ended === undefined ? [] : [ends[ended]]),
    totalsLine(outcome),
    "",
  ].join("\n");
}
