// What has to hold before a version may be called tested: each MUST has cases that ran and mutants that died, or a reason.
import type { Coverage, RuleCoverage } from "./coverage.js";

/** At most this part of the MUST rules may be unobservable. */
const unobservableShare = 0.1;

function gapsOf(rule: RuleCoverage): string[] {
  const { id, cases, ran, refuses, accepting, rejecting, mutants, killed, tried, unobservable } = rule;
  if (unobservable !== "") {
    return killed || cases.length > 0 ? [`${id}: is listed as unobservable and has cases; take it off the list`] : [];
  }
  const gaps: string[] = [];
  if (cases.length === 0) gaps.push(`${id}: no case; write a vector or a scenario that cites it`);
  else if (!ran) gaps.push(`${id}: none of its cases ran; see the report of the run`);
  if (refuses && cases.length > 0 && accepting.length === 0)
    gaps.push(`${id}: no accepting case; give a case a control`);
  if (refuses && cases.length > 0 && rejecting.length === 0) gaps.push(`${id}: no rejecting case; write one`);
  if (mutants.length === 0) gaps.push(`${id}: no mutant; tag the statement of the reference that enforces it`);
  else if (!tried) gaps.push(`${id}: its mutants were not tried; run motet-conformance selftest`);
  else if (!killed) gaps.push(`${id}: not all of its mutants died (${mutants.join(", ")}); see the selftest`);
  return gaps;
}

/** What is missing, a line each; none when the gate is open. */
export function gate(coverage: Coverage, unobservable: Readonly<Record<string, string>>): string[] {
  const gaps = coverage.rules.filter(({ level }) => level === "MUST").flatMap(gapsOf);
  const known = new Set(coverage.rules.map(({ id }) => id));
  for (const [id, reason] of Object.entries(unobservable)) {
    if (!known.has(id)) gaps.push(`${id}: is listed as unobservable and is no rule; take it off the list`);
    else if (reason.trim() === "") gaps.push(`${id}: is listed as unobservable without a reason; give one`);
  }
  const { total, unobservable: count } = coverage.must;
  if (count > total * unobservableShare) {
    gaps.push(`${count} of ${total} MUST rules are unobservable; at most ${unobservableShare * 100} % may be`);
  }
  return gaps;
}
