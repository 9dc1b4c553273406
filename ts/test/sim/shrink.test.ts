// What violates a property is made small, whatever it is; the planted defects are all found; a trace can be replayed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasher } from "../../src/runtime/index.js";
import {
  faultNames,
  formatTrace,
  parseTrace,
  shrink,
  traceOf,
  type RunResult,
  type Scenario,
} from "../../src/sim/index.js";
import { run as motet } from "../cli/motet.js";
import { longTest } from "../harness/runs.js";
import { buildPackage } from "../process/worker.js";
import { small } from "./plans.js";

const folder = mkdtempSync(path.join(tmpdir(), "motet-sim-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The outcome of a run of which only one thing counts. */
const outcome = (isViolated: boolean): RunResult => ({
  counts: { frames: 0, broadcasts: 0, refused: 0, deliveries: 0, drops: 0, events: 0 },
  faults: {},
  blamed: {},
  hash: "",
  violations: isViolated ? [{ property: "coverage", detail: "" }] : [],
});

describe("shrinking", () => {
  test("leaves the actions and nodes that it takes, and nothing else", () => {
    const scenario = small({ nodes: 40, broadcasts: 60, faults: ["cut", "delay"], leastFaults: 2 });
    const [cut, broadcast] = [17, 40].map((i) => scenario.actions[i]);
    const fails = ({ actions, absent }: Scenario): boolean =>
      actions.some((action) => action === cut) &&
      actions.some((action) => action === broadcast) &&
      [3, 30].every((node) => !absent.includes(node));
    const shrunk = shrink({ ...scenario, verifyUs: 0 }, "coverage", (candidate) => outcome(fails(candidate)));
    expect(40 - shrunk.scenario.absent.filter((node) => node < 40).length).toBe(2);
    expect(shrunk.runs).toBeLessThan(150);
    expect(shrunk.scenario.actions.length).toBeLessThanOrEqual(2);
  });

  test("stops when it has had its runs", () => {
    const scenario = small({ nodes: 40, broadcasts: 60 });
    const { runs } = shrink(scenario, "coverage", () => outcome(true), 5);
    expect(runs).toBeLessThanOrEqual(8);
  });
});

describe("planted defects", () => {
  beforeAll(buildPackage, 120_000);

  test("are all found within 50 seeds", { timeout: longTest }, () => {
    const campaign = fileURLToPath(new URL("campaign.mjs", import.meta.url));
    const sizes = ["--nodes", "8", "--broadcasts", "20", "--seeds", "50", "--threads", "0", "--no-shrink"];
    const printed = execFileSync(process.execPath, [campaign, "--planted", ...sizes, "--out", folder], {
      encoding: "utf8",
    });
    expect(printed.match(/^planted .*/gm)).toHaveLength(5);
    expect(printed.match(/^found .*/gm)).toHaveLength(5);
    expect(printed.match(/^violated .*(?=, seed)/gm)?.map((line) => line.split(/ +/)[1])).toEqual([
      "frame-bound",
      "exactly-once",
      "frame-count",
      "coverage",
      "blame",
    ]);
  });
});

describe("motet replay", () => {
  const file = path.join(folder, "trace.jsonl");
  const trace = traceOf(small({ nodes: 5, broadcasts: 5, faults: faultNames }), { hasher });
  writeFileSync(file, [...formatTrace(trace)].join("\n"));

  test("tells every event, runs the scenario again, and finds it the same", async () => {
    const { code, stdout, stderr } = await motet("replay", file);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `motet: run again, it went the same way (${trace.head.hash})\n`,
    });
    expect(stdout.trimEnd().split("\n")).toHaveLength(trace.observations.length);
    expect(stdout).toMatch(/^ +\d\.\d{6} s {2}accepted \d: [0-9a-f]{8}\/[0-9a-f]+, \d hops$/m);
  });

  test("can be asked for one node, for a time, and for JSON", async () => {
    const { stdout } = await motet("replay", file, "--node", "2", "--until", "4.5", "--json");
    const seen = stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as { readonly atUs: number }); // prettier-ignore
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.length).toBeLessThan(trace.observations.length / 2);
    expect(Math.max(...seen.map(({ atUs }) => atUs))).toBeLessThanOrEqual(4_500_000);
  });

  test("says where another program would have gone another way", async () => {
    const other = path.join(folder, "other.jsonl");
    writeFileSync(other, readFileSync(file, "utf8").replace(trace.head.hash, "0123456789abcdef"));
    const { code, stderr } = await motet("replay", other);
    expect(code).toBe(1);
    expect(stderr).toContain("it went another way");
  });

  test("refuses what is no trace", async () => {
    const wrong = path.join(folder, "wrong.jsonl");
    for (const text of ["", "{}", "no json", `{"trace":"motet","version":1}`]) {
      writeFileSync(wrong, text);
      expect((await motet("replay", wrong)).code).toBe(2);
    }
    expect((await motet("replay", path.join(folder, "missing"))).code).toBe(2);
    expect((await motet("replay")).code).toBe(2);
    expect((await motet("replay", file, "--node", "x")).code).toBe(2);
    const { scenario, ...head } = trace.head;
    expect(() => parseTrace(JSON.stringify({ ...head, version: 2, scenario }))).toThrow(/version 2/);
  });
});
