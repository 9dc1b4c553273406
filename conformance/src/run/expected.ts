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

function readDocument(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new ExpectedError(`${path} cannot be read. Next step: give the path of a YAML file`);
  }
  try {
    return parse(text) as unknown;
  } catch (error) {
    const [line = ""] = (error as Error).message.split("\n");
    throw new ExpectedError(`${path}: ${line.replace(/:$/, "")}. Next step: correct the file`);
  }
}

/** Reads the list; throws ExpectedError for anything that is none. */
export function readExpected(path: string): ExpectedFailure[] {
  const document = readDocument(path);
  const list = document === null ? [] : ((document as { expected?: unknown }).expected ?? document);
  if (!Array.isArray(list)) {
    throw new ExpectedError(`${path}: a list of entries is wanted. Next step: begin with "expected:"`);
  }
  return list.map((entry, index) => checkEntry(entry, `${path}, entry ${index + 1}`));
}

/** One entry with the results that it is about. */
interface Listed {
  readonly entry: ExpectedFailure;
  readonly ids: ReadonlySet<string>;
  /** Why the entry excuses nothing. */
  readonly void?: string;
}

const fits = (entry: ExpectedFailure, { status, code }: CaseResult): boolean =>
  entry.status === status && (entry.code === undefined || entry.code === code);

function listedOf(entry: ExpectedFailure, results: readonly CaseResult[], complete: boolean, today: string): Listed {
  const matcher = patternOf(entry.pattern);
  const matching = results.filter(({ id, status }) => status !== "notApplicable" && matcher.test(id));
  const ids = new Set(matching.map(({ id }) => id));
  if (!complete) return { entry, ids, ...(entry.expires < today ? { void: expired(entry) } : {}) };
  if (ids.size === 0) {
    throw new ExpectedError(`the expected failure ${entry.pattern} matches no case. Next step: remove the entry`);
  }
  const count = matching.filter((result) => fits(entry, result)).length;
  if (entry.expires < today) return { entry, ids, void: expired(entry) };
  if (count === entry.count) return { entry, ids };
  return { entry, ids, void: `${count} cases are as listed for ${entry.pattern}, not ${entry.count}` };
}

const expired = (entry: ExpectedFailure): string => `the expected failure ended on ${entry.expires}`;

function excuse(result: CaseResult, { entry, void: why }: Listed): CaseResult {
  if (result.status === "pass") {
    const message = `passes, but is listed as ${entry.status} (${entry.issue}); remove it from the list`;
    return { ...result, status: "xpass", message };
  }
  const drift = why ?? (fits(entry, result) ? undefined : `listed as ${entry.status} ${entry.code ?? ""}`.trim());
  if (drift === undefined) return { ...result, status: "xfail" };
  return { ...result, message: [drift, result.message].filter(Boolean).join("; ") };
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
  const listed = list.map((entry) => listedOf(entry, results, complete, today));
  return results.map((result) => {
    const found = listed.find(({ ids }) => ids.has(result.id));
    return found === undefined ? result : excuse(result, found);
  });
}
