// Law 2: a testee that does nothing right passes nothing. Each null testee is put through all cases with a short step time.
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Case, TierRunner } from "../case/index.js";
import { runCases } from "../run/index.js";
import { inParallel } from "./pool.js";
import type { NullResult } from "./report.js";

export interface NullOptions {
  /** Folder with one program for each null testee. */
  readonly folder: string;
  readonly cases: readonly Case[];
  readonly tiers: readonly TierRunner[];
  readonly seed: number;
  readonly onDone: (result: NullResult) => void;
}

const stepMs = 50;
/** They mostly wait: more of them than cores run at once, each as several processes. */
const atOnce = 2;
const jobs = 16;

/** Of a program that also comes as a shell script, which starts much faster, the script where there is a shell. */
function commandOf(program: string): string[] {
  const script = program.replace(/\.mjs$/, ".sh");
  if (process.platform !== "win32" && existsSync(script)) return ["/bin/sh", script];
  return [process.execPath, program];
}

async function judgeOne(program: string, { cases, tiers, seed }: NullOptions): Promise<NullResult> {
  const head = { name: basename(program, ".mjs"), cases: cases.length };
  try {
    const command = commandOf(program);
    const { results, observed } = await runCases({ command, cases, tiers, seed, stepMs, jobs, nullTestee: true });
    const attempted = [...results, ...observed].filter(({ status }) => status !== "notApplicable").length;
    const passed = results.filter(({ status }) => status === "pass").map(({ id }) => id);
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
