// The claim about a mesh whose processes die all the time: each broadcast whose origin lived on for 1 s is delivered exactly
// once by every process that lived from 1 s before to 5 s after. `make churn` tries it for a minute and records what came.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, expect, test } from "vitest";
import { longTest, runs } from "../harness/runs.js";
import { Churn, type ChurnPlan } from "./churn.js";
import { reportOf } from "./churn-report.js";
import { judge, type Margins } from "./churn-verdict.js";
import { buildPackage } from "./worker.js";

beforeAll(buildPackage, 120_000);

let churn: Churn | undefined;
afterEach(() => churn?.kill());

const margins: Margins = { originMs: 1000, beforeMs: 1000, afterMs: runs(2000, 5000) };
const plan: ChurnPlan = {
  seed: Number(process.env["MOTET_SEED"] ?? Date.now() % 2 ** 32),
  processes: runs(5, 10),
  knownOthers: Number(process.env["MOTET_KNOWN"] ?? 9),
  killedPerTick: runs(1, 2),
  ticks: runs(2, 60),
  tickMs: 1000,
  everyMs: runs(50, 100),
  restMs: margins.afterMs,
};

test(
  "a broadcast whose origin lives on reaches every process that lives around it, exactly once, however many are killed",
  async () => {
    churn = new Churn(plan);
    const verdict = judge(await churn.run(), margins);
    const report = reportOf(plan, margins, verdict);
    if (runs(0, 1) === 1) console.log(report);
    const record = process.env["MOTET_RECORD"];
    if (record !== undefined) writeFileSync(fileURLToPath(new URL("CHURN.md", import.meta.url)), report);
    expect(verdict.misses, `seed ${plan.seed}`).toEqual([]);
    expect(verdict.duplicates, `seed ${plan.seed}`).toBe(0);
    expect(verdict.kills).toBe(plan.ticks * plan.killedPerTick);
    expect(verdict.messages).toBeGreaterThanOrEqual(runs(20, 1000));
    expect(verdict.owed).toBeGreaterThanOrEqual(verdict.messages);
  },
  longTest,
);
