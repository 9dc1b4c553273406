// Makes results: the members that every result repeats, and what errors of the link mean.
import { LinkError } from "../link/index.js";
import type { Case, CaseResult, Verdict } from "./types.js";

type Details = Omit<CaseResult, "id" | "tier" | "status" | "rules" | "ms">;

/** A result of the case; `since` is performance.now() at its start. */
export function resultOf(testCase: Case, status: Verdict, since: number, details: Details = {}): CaseResult {
  const ms = Math.round((performance.now() - since) * 10) / 10;
  return { id: testCase.id, tier: testCase.tier, status, rules: testCase.rules, ms, ...details };
}

/** Verdict of an error of the link: a line that breaks link/1 is a fault, like one the testee reports itself. */
export function verdictOf(error: LinkError): Verdict {
  if (error.kind === "crash" || error.kind === "start") return "crash";
  return error.kind === "timeout" ? "timeout" : "fault";
}

/** Result for something thrown while a case ran; anything but a LinkError is a bug of the runner and goes on. */
export function resultOfError(testCase: Case, error: unknown, since: number, details: Details = {}): CaseResult {
  if (!(error instanceof LinkError)) throw error;
  return resultOf(testCase, verdictOf(error), since, { message: error.message, ...details });
}
