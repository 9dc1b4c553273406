// Expected failures of a port (YAML): which cases do not pass, how, and why. Listed cases run all the same;
// a listed case that passes, or fails otherwise than listed, is as unexpected as one that is not listed.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { CaseResult, Verdict } from "../case/index.js";
import { patternOf } from "./select.js";

export interface ExpectedFailure {
  readonly pattern: string;
  readonly status: Verdict;
  /** Code that the testee gives. */
  readonly code?: string;
  /** How many cases match, exactly. */
  readonly count: number;
  readonly intent: "bug" | "platform-limit" | "spec-dispute";
  readonly issue: string;
  /** Last day on which it holds, YYYY-MM-DD. */
  readonly expires: string;
}

/** A list that cannot be used; a usage error. */
export class ExpectedError extends Error {
  override readonly name = "ExpectedError";
}

const failing: readonly string[] = ["fail", "fault", "crash", "timeout", "inconclusive", "flaky"];
const intents: readonly string[] = ["bug", "platform-limit", "spec-dispute"];

function checkEntry(entry: unknown, where: string): ExpectedFailure {
  const bad = (what: string): never => {
    throw new ExpectedError(`${where}: ${what}. Next step: see "Expected failures" in conformance/README.md`);
  };
  if (typeof entry !== "object" || entry === null) bad("an entry is an object");
  const { pattern, status, code, count, intent, issue, expires, ...others } = entry as Record<string, unknown>;
  const extra = Object.keys(others)[0];
  if (extra !== undefined) bad(`unknown member ${extra}`);
  if (typeof pattern !== "string") return bad("pattern: a text that ids match");
  if (typeof status !== "string" || !failing.includes(status)) return bad(`status: one of ${failing.join(", ")}`);
  if (code !== undefined && typeof code !== "string") return bad("code: the name of a code");
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1)
    return bad("count: how many cases match, a whole number");
  if (typeof intent !== "string" || !intents.includes(intent)) return bad(`intent: one of ${intents.join(", ")}`);
  if (typeof issue !== "string") return bad("issue: where it is discussed");
  if (typeof expires !== "string" || Number.isNaN(Date.parse(expires)))
    return bad('expires: a day such as "2027-01-31", in quotes');
  return { pattern, status, ...(code === undefined ? {} : { code }), count, intent, issue, expires } as ExpectedFailure;
}

/** Reads the list; throws ExpectedError for anything that is none. */
export function readExpected(path: string): ExpectedFailure[] {
  let document: unknown;
  try {
    document = parse(readFileSync(path, "utf8"));
  } catch (error) {
    const [line = ""] = (error as Error).message.split("\n");
    throw new ExpectedError(`${path}: ${line} Next step: correct the file`);
  }
  const list = document === null ? [] : ((document as { expected?: unknown }).expected ?? document);
  if (!Array.isArray(list))
    throw new ExpectedError(`${path}: a list of entries is wanted. Next step: begin with "expected:"`);
  return list.map((entry, index) => checkEntry(entry, `${path}, entry ${index + 1}`));
}

function fits(entry: ExpectedFailure, result: CaseResult): boolean {
  return entry.status === result.status && (entry.code === undefined || entry.code === result.code);
}

/**
 * The results with xfail and xpass. `complete` is true when all cases were selected: only then do counts, and patterns
 * that match nothing, say anything. Throws ExpectedError for a pattern that matches nothing.
 */
export function applyExpected(
  results: readonly CaseResult[],
  list: readonly ExpectedFailure[],
  complete: boolean,
  today: string = new Date().toISOString().slice(0, 10),
): CaseResult[] {
  const live = list.map((entry) => ({ entry, matcher: patternOf(entry.pattern), expired: entry.expires < today }));
  const matches = live.map(({ matcher }) =>
    results.filter(({ id, status }) => status !== "notApplicable" && matcher.test(id)),
  );
  live.forEach(({ entry }, index) => {
    if (complete && matches[index]?.length === 0) {
      throw new ExpectedError(`the expected failure ${entry.pattern} matches no case. Next step: remove the entry`);
    }
  });
  const drifted = live.map(
    ({ entry }, index) => complete && (matches[index]?.filter((one) => fits(entry, one)).length ?? 0) !== entry.count,
  );
  return results.map((result) => {
    const index = live.findIndex(({ matcher }) => result.status !== "notApplicable" && matcher.test(result.id));
    const found = live[index];
    if (found === undefined) return result;
    const { entry, expired } = found;
    if (result.status === "pass")
      return { ...result, status: "xpass", message: `passes, but is listed as ${entry.status} (${entry.issue})` };
    const why = expired
      ? `the expected failure ended on ${entry.expires}`
      : drifted[index] === true
        ? `another number of cases than the ${entry.count} listed for ${entry.pattern}`
        : fits(entry, result)
          ? undefined
          : `listed as ${entry.status} ${entry.code ?? ""}`;
    if (why === undefined) return { ...result, status: "xfail" };
    return { ...result, message: [why, result.message].filter(Boolean).join("; ") };
  });
}
