// What is proven of each rule: its cases, of which kind, its mutants, and whether they died. Pure: reads no files.
import { type Actor, type Rule, isMust } from "../spec/rule.js";

/** A case as far as coverage is concerned. */
export interface CoveringCase {
  readonly id: string;
  readonly rules: readonly string[];
  /** It expects that something right is taken. A scenario may do both. */
  readonly accepting: boolean;
  /** It expects that something is refused, or names a control that it differs from by the defect alone. */
  readonly rejecting: boolean;
  readonly control?: string;
  /** It ran, and its verdict means something. */
  readonly ran: boolean;
}

export interface RuleMutant {
  readonly id: string;
  readonly rule: string;
  /** Undefined: no selftest has said so yet. */
  readonly killed: boolean | undefined;
}

export interface CoverageInput {
  readonly rules: readonly Rule[];
  readonly cases: readonly CoveringCase[];
  readonly mutants: readonly RuleMutant[];
  /** Rule → why nothing outside of a node can see it. */
  readonly unobservable: Readonly<Record<string, string>>;
}

type CoverageLevel = "MUST" | "SHOULD" | "MAY";

export interface RuleCoverage {
  readonly id: string;
  readonly level: CoverageLevel;
  readonly actor: Actor | "";
  readonly cases: readonly string[];
  readonly accepting: readonly string[];
  readonly rejecting: readonly string[];
  /** Does any of its cases really run. */
  readonly ran: boolean;
  /** Does it say that something is refused, so that it needs a case of each kind. */
  readonly refuses: boolean;
  /** The first of `mutants`, or "". */
  readonly mutant: string;
  readonly mutants: readonly string[];
  readonly killed: boolean;
  /** The last selftest had all of its mutants. */
  readonly tried: boolean;
  /** Reason, or "". */
  readonly unobservable: string;
}

export interface Totals {
  readonly total: number;
  readonly covered: number;
  readonly killed: number;
  readonly unobservable: number;
}

export interface Coverage {
  readonly must: Totals;
  readonly should: Totals;
  readonly may: Totals;
  readonly rules: readonly RuleCoverage[];
}

const refusal = /\b(?:refuse|REJECT|IGNORE|DUPLICATE)\b/;

function groupBy<T>(items: Iterable<T>, keys: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keys(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}

function levelOf(rule: Rule): CoverageLevel {
  if (isMust(rule)) return "MUST";
  return rule.level === "MAY" ? "MAY" : "SHOULD";
}

/** The control of a rejecting case accepts what differs by the defect alone: it is the rule's accepting case. */
function acceptingOf(cases: readonly CoveringCase[]): string[] {
  const own = cases.filter(({ accepting }) => accepting).map(({ id }) => id);
  const controls = cases.flatMap(({ rejecting, control }) => (rejecting && control !== undefined ? [control] : []));
  return [...new Set([...own, ...controls])].toSorted();
}

function coverRule(
  rule: Rule,
  cases: readonly CoveringCase[],
  mutants: readonly RuleMutant[],
  reason: string,
): RuleCoverage {
  return {
    id: rule.id,
    level: levelOf(rule),
    actor: rule.actor ?? "",
    cases: cases.map(({ id }) => id),
    accepting: acceptingOf(cases),
    rejecting: cases.filter(({ rejecting }) => rejecting).map(({ id }) => id),
    ran: cases.some(({ ran }) => ran),
    refuses: rule.actor === "receiver" && refusal.test(rule.text),
    mutant: mutants[0]?.id ?? "",
    mutants: mutants.map(({ id }) => id),
    killed: mutants.length > 0 && mutants.every(({ killed }) => killed === true),
    tried: mutants.every(({ killed }) => killed !== undefined),
    unobservable: reason,
  };
}

function totalsOf(rules: readonly RuleCoverage[], level: CoverageLevel): Totals {
  const all = rules.filter((rule) => rule.level === level);
  const count = (holds: (rule: RuleCoverage) => boolean): number => all.filter(holds).length;
  return {
    total: all.length,
    covered: count(({ ran }) => ran),
    killed: count(({ killed }) => killed),
    unobservable: count(({ unobservable }) => unobservable !== ""),
  };
}

export function coverageOf({ rules, cases, mutants, unobservable }: CoverageInput): Coverage {
  const casesOf = groupBy(cases, (each) => each.rules);
  const mutantsOf = groupBy(mutants, (each) => [each.rule]);
  const covered = rules.map((rule) =>
    coverRule(rule, casesOf.get(rule.id) ?? [], mutantsOf.get(rule.id) ?? [], unobservable[rule.id] ?? ""),
  );
  return {
    must: totalsOf(covered, "MUST"),
    should: totalsOf(covered, "SHOULD"),
    may: totalsOf(covered, "MAY"),
    rules: covered,
  };
}
