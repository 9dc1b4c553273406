// Law 2: a testee that does nothing right passes nothing. Each null testee is put through all cases with a short step time.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Case, CaseResult } from "../case/index.js";
import { Testee } from "../link/index.js";
import { inParallel } from "./pool.js";
import type { NullResult } from "./report.js";
import { type RunCase, isScored } from "./tiers.js";

export interface NullOptions {
  /** Folder with one program for each null testee. */
  readonly folder: string;
  readonly cases: readonly Case[];
  readonly run: RunCase;
  readonly seed: number;
  readonly onDone: (result: NullResult) => void;
}

const stepMs = 50;
/** They mostly wait: more of them than cores run at once. */
const atOnce = 4;

/** A refusal counts only when its control passed: `always-reject` refuses the good as well. */
function passesOf(cases: readonly Case[], results: ReadonlyMap<string, CaseResult>): string[] {
  const passed = (id: string): boolean => results.get(id)?.status === "pass";
  return cases
    .filter((testCase) => passed(testCase.id) && isScored(testCase))
    .filter(({ control }) => control === undefined || passed(control))
    .map(({ id }) => id);
}

async function runAll(program: string, options: NullOptions): Promise<Map<string, CaseResult>> {
  const command = [process.execPath, program];
  const testee = await Testee.start({ command, stepMs, maxCrashes: Infinity, keepHanging: true });
  const results = new Map<string, CaseResult>();
  try {
    for (const testCase of options.cases) {
      const result = await options.run(testCase, { testee, multiplier: 1, stepMs, seed: options.seed });
      results.set(testCase.id, result);
    }
  } finally {
    await testee.kill();
  }
  return results;
}

async function judgeOne(program: string, options: NullOptions): Promise<NullResult> {
  const head = { name: basename(program, ".mjs"), cases: options.cases.length };
  try {
    const results = await runAll(program, options);
    const attempted = [...results.values()].filter(({ status }) => status !== "notApplicable").length;
    const passed = passesOf(options.cases, results);
    return { ...head, scoredPasses: passed.length, attempted, passed, problem: "" };
  } catch (error) {
    return { ...head, scoredPasses: 0, attempted: 0, passed: [], problem: (error as Error).message };
  }
}

export function runNullTestees(options: NullOptions): Promise<NullResult[]> {
  const programs = readdirSync(options.folder).filter((name) => name.endsWith(".mjs"));
  return inParallel(programs.toSorted(), atOnce, async (name) => {
    const result = await judgeOne(join(options.folder, name), options);
    options.onDone(result);
    return result;
  });
}
