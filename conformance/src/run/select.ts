// Chooses cases by tier, id pattern and rule, and adds the controls that the chosen ones need.
import type { Case, Tier } from "../case/index.js";

export interface Selection {
  readonly tier?: Tier;
  /** Pattern of ids: `*` stands for any characters, `?` for one. */
  readonly pattern?: string;
  readonly rule?: string;
  /** Leaves out the scenarios that are about one transport, unless an id or a rule asks for them. */
  readonly anyTransport?: boolean;
}

/** Nothing was selected; the message says why and what to do. */
export class SelectionError extends Error {
  override readonly name = "SelectionError";
}

/** The pattern as an expression over whole ids; without wildcards it is the id itself, or one of its folders. */
export function patternOf(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}${/[*?]/.test(glob) ? "" : "(/.*)?"}$`);
}

/** Controls of these cases, and theirs in turn, that are not among them. */
export function withControls(chosen: readonly Case[], all: readonly Case[]): Case[] {
  const byId = new Map(all.map((testCase) => [testCase.id, testCase]));
  const taken = new Map(chosen.map((testCase) => [testCase.id, testCase]));
  for (const testCase of taken.values()) {
    const control = testCase.control === undefined ? undefined : byId.get(testCase.control);
    if (control !== undefined && !taken.has(control.id)) taken.set(control.id, control);
  }
  return [...taken.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

const hasTransport = (testCase: Case): boolean =>
  testCase.tier === "node" && testCase.scenario["transport"] !== undefined;

/** The cases of a selection with their controls; throws SelectionError when there are none. */
export function selectCases(all: readonly Case[], selection: Selection): Case[] {
  const { tier, pattern, rule, anyTransport = false } = selection;
  const isLeftOut = (testCase: Case): boolean =>
    anyTransport && pattern === undefined && rule === undefined && hasTransport(testCase);
  const matcher = pattern === undefined ? undefined : patternOf(pattern);
  const chosen = all.filter(
    (testCase) =>
      !isLeftOut(testCase) &&
      (tier === undefined || testCase.tier === tier) &&
      (matcher === undefined || matcher.test(testCase.id)) &&
      (rule === undefined || testCase.rules.includes(rule)),
  );
  if (chosen.length > 0) return withControls(chosen, all);
  const wishes = [tier && `tier ${tier}`, pattern && `id ${pattern}`, rule && `rule ${rule}`].filter(Boolean);
  const near = nearest(all, pattern ?? rule ?? "");
  const hint = near === undefined ? "." : `; did you mean ${near}?`;
  throw new SelectionError(
    `no case matches ${wishes.join(", ") || "(there are none at all)"}${hint} Next step: motet-conformance list`,
  );
}

/** The id or rule that shares most trigrams with the wish, when that is at least half of them. */
function nearest(all: readonly Case[], wish: string): string | undefined {
  const grams = (text: string): Set<string> =>
    new Set(Array.from({ length: text.length }, (_, at) => text.slice(at, at + 3)));
  const wanted = grams(wish);
  const score = (name: string): number => [...grams(name)].filter((gram) => wanted.has(gram)).length / wanted.size;
  const names = new Set(all.flatMap((testCase) => [testCase.id, ...testCase.rules]));
  const best = [...names].toSorted((a, b) => score(b) - score(a))[0];
  return best !== undefined && score(best) >= 0.5 ? best : undefined;
}
