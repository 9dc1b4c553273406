// What a selftest found out, as data and as text. The members named first in each shape are stable from the first version.

export interface NullResult {
  readonly name: string;
  /** Scored cases that it passed: any is a bug of the runner or of the case. */
  readonly scoredPasses: number;
  readonly cases: number;
  readonly attempted: number;
  /** The cases that it passed. */
  readonly passed: readonly string[];
  /** Why it could not be put through the cases, or "". */
  readonly problem: string;
}

export interface MutantResult {
  readonly id: string;
  readonly rule: string;
  readonly killed: boolean;
  /** Case and step that killed it, or "". */
  readonly by: string;
  /** Verdict of that case. */
  readonly verdict: string;
  /** Its adapter did not start: neither killed nor alive. */
  readonly broken: boolean;
  /** Where and what was changed. */
  readonly at: string;
  readonly change: string;
  /** Why it lives, or "". */
  readonly why: string;
  /** Cases that were put to it, and the time they took with the start of its adapter. */
  readonly cases: number;
  readonly ms: number;
}

export interface Disagreement {
  readonly op: string;
  /** As small as it could be made. */
  readonly in: Readonly<Record<string, unknown>>;
  readonly golden: string;
  readonly reference: string;
  /** The vector that it is, or was made from. */
  readonly from: string;
}

export interface DifferentialResult {
  readonly inputs: number;
  readonly disagreements: number;
  readonly examples: readonly Disagreement[];
}

export interface SelftestReport {
  readonly seed: number;
  readonly nullTestees: readonly NullResult[];
  readonly mutants: readonly MutantResult[];
  readonly differential: DifferentialResult;
  /** Tags that cannot be used, as file:line and what. */
  readonly problems: readonly string[];
}

/** A null testee must be put through this part of all cases. */
const attemptedShare = 0.95;

function nullResultIsGood({ scoredPasses, cases, attempted, problem }: NullResult): boolean {
  return scoredPasses === 0 && problem === "" && attempted >= cases * attemptedShare;
}

/** A selftest is good when nothing passes for nothing, everything broken is noticed, and both codecs agree. */
export function selftestIsGood(report: SelftestReport): boolean {
  const { nullTestees, mutants, differential, problems } = report;
  return (
    nullTestees.every(nullResultIsGood) &&
    mutants.every(({ killed }) => killed) &&
    differential.disagreements === 0 &&
    problems.length === 0
  );
}

function nullLines(results: readonly NullResult[]): string[] {
  const bad = results.filter((result) => !nullResultIsGood(result));
  const attempts = results.map(({ attempted, cases }) => `${attempted}/${cases}`);
  const lines = [`null testees  ${results.length}, ${bad.length} bad, cases attempted ${attempts.join(" ")}`];
  for (const { name, passed, problem, attempted, cases } of bad) {
    if (problem !== "") lines.push(`  ${name}: ${problem}`);
    else if (passed.length === 0) lines.push(`  ${name}: was put through ${attempted} of ${cases} cases only`);
    lines.push(
      ...passed.map((id) => `  ${name} passes ${id}: the case proves nothing; let it expect what only a node does`),
    );
  }
  return lines;
}

function mutantLines(results: readonly MutantResult[]): string[] {
  const count = (holds: (result: MutantResult) => boolean): number => results.filter(holds).length;
  const rules = new Set(results.map(({ rule }) => rule)).size;
  const totals = [
    `${results.length} of ${rules} rules`,
    `${count(({ killed }) => killed)} killed`,
    `${count(({ broken }) => broken)} broken`,
  ];
  const alive = results.filter(({ killed }) => !killed);
  const line = ({ id, at, change, why, broken }: MutantResult): string =>
    `  ${id} ${broken ? "is broken" : "lives"}: ${why}\n    ${at}  ${change}`;
  return [`mutants       ${totals.join(", ")}`, ...alive.map(line)];
}

function differentialLines({ inputs, disagreements, examples }: DifferentialResult): string[] {
  const lines = examples.map(
    ({ op, in: input, golden, reference, from }) =>
      `  ${op} ${JSON.stringify(input)}\n    golden ${golden}, reference ${reference}, from ${from}`,
  );
  return [`differential  ${inputs} inputs, ${disagreements} disagreements`, ...lines];
}

export function selftestText(report: SelftestReport): string {
  const { nullTestees, mutants, differential, problems, seed } = report;
  return [
    ...(nullTestees.length > 0 ? nullLines(nullTestees) : []),
    ...(mutants.length > 0 ? mutantLines(mutants) : []),
    ...(differential.inputs > 0 ? differentialLines(differential) : []),
    ...problems.map((problem) => `problem       ${problem}`),
    `${selftestIsGood(report) ? "good" : "not good"}, seed ${seed}`,
  ].join("\n");
}
