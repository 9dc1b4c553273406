// The claim about a table whose processes die: whatever was acknowledged can be read from every survivor after several died at
// once, time and again, and that nothing is there is told as fast. `make table` tries it with twenty processes and ten times
// four deaths, and records what came after each round; with MOTET_READ_ALL=4 every survivor reads every key in each fourth
// round only, for busy machines.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { longTest, runs } from "../harness/runs.js";
import { isLost, isUntrue, missRatio, tableReportOf } from "./table-report.js";
import { TableOfProcesses, type TablePlan } from "./table.js";
import { buildPackage } from "./worker.js";

beforeAll(buildPackage, 120_000);

let stores = "";
let table: TableOfProcesses | undefined;
beforeEach(() => void (stores = mkdtempSync(path.join(tmpdir(), "motet-table-"))));
afterEach(() => {
  table?.kill();
  rmSync(stores, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

/** Where the report goes, and whether all that is claimed is tried: with `make table`. */
const record = process.env["MOTET_RECORD"] === undefined ? undefined : new URL("TABLE.md", import.meta.url);
const size = (short: number, full: number, recorded: number): number =>
  record === undefined ? runs(short, full) : recorded;

const plan: TablePlan = {
  seed: Number(process.env["MOTET_SEED"] ?? Date.now() % 2 ** 32),
  processes: size(6, 12, 20),
  killedPerRound: size(2, 4, 4),
  rounds: size(1, 3, 10),
  keys: size(100, 200, 1_000),
  stabilizeMs: size(300, 1_000, 5_000),
  syncMs: size(1_000, 2_000, 5_000),
  repairMs: size(1_000, 5_000, 12_000),
  readAllEvery: Number(process.env["MOTET_READ_ALL"] ?? 1),
  width: 4,
  missesEach: size(10, 20, 100),
  calmReads: size(20, 40, 120),
  emptiedEvery: size(1, 2, 3),
};

test(
  "every survivor reads every acknowledged key after several processes died at once, time and again",
  async () => {
    table = new TableOfProcesses(plan, stores);
    const outcome = await table.run((soFar) => {
      if (record !== undefined) writeFileSync(fileURLToPath(record), tableReportOf(plan, soFar));
    });
    if (runs(0, 1) === 1) console.log(tableReportOf(plan, outcome));
    const { reads, kills, writes } = outcome;
    expect(writes.filter(({ isDone }) => isDone).length).toBe(plan.keys);
    expect(
      reads.filter((read) => isLost(read) || isUntrue(read)),
      `seed ${plan.seed}`,
    ).toEqual([]);
    expect(kills).toBe(plan.rounds * plan.killedPerRound);
    // Of few reads p99 is the slowest one; and while everybody reads everything, what counts is who gets a processor.
    if (record !== undefined) expect(missRatio(reads, "calm")).toBeLessThanOrEqual(2);
  },
  size(longTest, longTest, 3_600_000),
);
