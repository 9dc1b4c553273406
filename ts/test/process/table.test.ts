// The claim about a table whose processes die: whatever was acknowledged can be read from every survivor after several died at
// once, time and again, and that nothing is there is told as fast. `make table` tries it with twenty processes and ten times
// four deaths, and records what came.

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

const plan: TablePlan = {
  seed: Number(process.env["MOTET_SEED"] ?? Date.now() % 2 ** 32),
  processes: runs(7, 20),
  killedPerRound: runs(2, 4),
  rounds: runs(2, 10),
  keys: runs(100, 1_000),
  stabilizeMs: runs(300, 1_000),
  syncMs: runs(1_000, 5_000),
  repairMs: runs(1_500, 12_000),
  width: 4,
  missesEach: runs(20, 100),
  calmReads: runs(40, 400),
  emptiedEvery: runs(2, 3),
};

test(
  "every survivor reads every acknowledged key after several processes died at once, time and again",
  async () => {
    table = new TableOfProcesses(plan, stores);
    const outcome = await table.run();
    const report = tableReportOf(plan, outcome);
    if (runs(0, 1) === 1) console.log(report);
    const record = process.env["MOTET_RECORD"];
    if (record !== undefined) writeFileSync(fileURLToPath(new URL("TABLE.md", import.meta.url)), report);
    const { reads, kills, refusedWrites } = outcome;
    expect(refusedWrites).toEqual([]);
    expect(
      reads.filter((read) => isLost(read) || isUntrue(read)),
      `seed ${plan.seed}`,
    ).toEqual([]);
    expect(kills).toBe(plan.rounds * plan.killedPerRound);
    // In a short run p99 is the one slowest read.
    if (runs(0, 1) === 1) {
      expect(missRatio(reads, "calm")).toBeLessThanOrEqual(2);
      expect(missRatio(reads, "killed")).toBeLessThanOrEqual(2);
    }
  },
  longTest,
);
