// The whole selftest: null testees, mutants of the reference, golden against the reference. The parts do not depend on each other.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Case, packageRoot } from "../case/index.js";
import { codecTier } from "../codec/index.js";
import { readUnobservable } from "../coverage/index.js";
import { mutantsOfReference } from "../mutants/index.js";
import { nodeTier } from "../node/index.js";
import { patternOf } from "../run/index.js";
import { formatFinding } from "../spec/finding.js";
import { readSpecification } from "../spec/specification.js";
import { runDifferential } from "./differential.js";
import { runMutants } from "./mutants.js";
import { runNullTestees } from "./null-testees.js";
import type { DifferentialResult, MutantResult, NullResult, SelftestReport } from "./report.js";
import { caseRunner } from "./tiers.js";

export const parts = ["null", "mutants", "differential"] as const;
type Part = (typeof parts)[number];

interface SelftestOptions {
  readonly root: string;
  readonly cases: readonly Case[];
  readonly only?: Part;
  /** Pattern of mutant ids, or of rules. */
  readonly mutants?: string;
  readonly seed: number;
  /** Random inputs of the differential part. */
  readonly inputs: number;
  /** Leave the mutants on disk, in conformance/out/mutants. */
  readonly keep: boolean;
  readonly onDone: (result: NullResult | MutantResult) => void;
}

const tiers = [codecTier, nodeTier];

async function mutantPart(options: SelftestOptions): Promise<Pick<SelftestReport, "mutants" | "problems">> {
  const { root, cases, seed, onDone } = options;
  const { mutants, problems } = mutantsOfReference(root, readSpecification(root).byId);
  const pattern = patternOf(options.mutants ?? "*");
  const unobservable = readUnobservable(root);
  const chosen = mutants.filter(({ id, rule }) => !(rule in unobservable) && (pattern.test(id) || pattern.test(rule)));
  // One folder for each run: two of them at once must not take each other's mutants away.
  const out = join(root, "conformance/out/mutants", options.keep ? "kept" : `run-${process.pid}`);
  const remove = (): void => rmSync(out, { recursive: true, force: true });
  // A run that is interrupted takes its mutants away as well.
  if (!options.keep) process.once("exit", remove);
  try {
    const results = await runMutants({ root, out, mutants: chosen, cases, run: caseRunner(tiers), seed, onDone });
    return { mutants: results, problems: problems.map(formatFinding) };
  } finally {
    if (!options.keep) remove();
  }
}

function differentialPart({ root, cases, inputs, seed }: SelftestOptions): Promise<DifferentialResult> {
  const command = [process.execPath, join(root, "conformance/ports/typescript/adapter.mjs")];
  return runDifferential({ command, cases, inputs, seed });
}

export async function selftest(options: SelftestOptions): Promise<SelftestReport> {
  const { cases, seed, onDone } = options;
  const wants = (part: Part): boolean => options.only === undefined || options.only === part;
  const folder = join(packageRoot, "null");
  const nullTestees = wants("null") ? await runNullTestees({ folder, cases, tiers, seed, onDone }) : [];
  const mutants = wants("mutants") ? await mutantPart(options) : { mutants: [], problems: [] };
  const nothing = { inputs: 0, disagreements: 0, examples: [] };
  const differential = wants("differential") ? await differentialPart(options) : nothing;
  return { seed, nullTestees, ...mutants, differential };
}
