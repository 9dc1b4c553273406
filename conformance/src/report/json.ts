// The report as JSON. Its shape is stable from the first version; members beside the named ones stand only with cases that did not pass.
import type { CaseResult } from "../case/index.js";
import type { RunOutcome } from "../run/index.js";

function caseEntry({ id, tier, status, rules, ms, message, step, expected, actual, stderr }: CaseResult): object {
  const head = { id, tier, status, rules, ms };
  if (status === "pass") return head;
  const lines = stderr === undefined || stderr.length === 0 ? undefined : stderr;
  // JSON.stringify leaves out what is undefined.
  return { ...head, message, step, expected, actual, stderr: lines };
}

/** `transport`: what carried the connections of scenarios that do not say. */
export function jsonReport(
  { spec, testee, seed, totals, results, observed }: RunOutcome,
  transport: string = "tcp",
): string {
  const cases = results.map(caseEntry);
  const seen = observed.length === 0 ? {} : { observed: observed.map(({ id, message }) => ({ id, message })) };
  return `${JSON.stringify({ spec, testee, transport, seed, totals, cases, ...seen }, undefined, 2)}\n`;
}
