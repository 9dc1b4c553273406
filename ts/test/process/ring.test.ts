// The claim about a ring whose processes die: three rounds after several died at once, every lookup from every survivor finds
// the survivor that is next. `make ring` tries it with twenty processes and ten times four deaths, and records what came.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, expect, test } from "vitest";
import { longTest, runs } from "../harness/runs.js";
import { isWrong, ringReportOf } from "./ring-report.js";
import { RingOfProcesses, type RingPlan } from "./ring.js";
import { buildPackage } from "./worker.js";

beforeAll(buildPackage, 120_000);

let ring: RingOfProcesses | undefined;
afterEach(() => ring?.kill());

const plan: RingPlan = {
  seed: Number(process.env["MOTET_SEED"] ?? Date.now() % 2 ** 32),
  processes: runs(8, 20),
  killedPerTick: runs(2, 4),
  ticks: runs(2, 10),
  tickMs: runs(2_500, 10_000),
  stabilizeMs: runs(300, 1000),
  rounds: 3,
  lookupsEach: runs(4, 10),
};

test(
  "every lookup from every survivor is right three rounds after several processes died at once, time and again",
  async () => {
    ring = new RingOfProcesses(plan);
    const lookups = await ring.run();
    const report = ringReportOf(plan, { kills: ring.kills, joinsMs: ring.joinsMs, lookups });
    if (runs(0, 1) === 1) console.log(report);
    const record = process.env["MOTET_RECORD"];
    if (record !== undefined) writeFileSync(fileURLToPath(new URL("RING.md", import.meta.url)), report);
    expect(lookups.filter(isWrong), `seed ${plan.seed}`).toEqual([]);
    expect(ring.kills).toBe(plan.ticks * plan.killedPerTick);
  },
  longTest,
);
