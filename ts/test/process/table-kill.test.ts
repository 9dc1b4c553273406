// A process with a store on disk is killed by the system in the middle of its writes: what it had acknowledged is there after
// its next start.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { longTest } from "../harness/runs.js";
import { buildPackage } from "./worker.js";

const script = fileURLToPath(new URL("table-kill-worker.mjs", import.meta.url));
const folders: string[] = [];

beforeAll(buildPackage, 120_000);
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Lines that a process has told when it ends; `heard` may end it. */
async function run(
  args: readonly string[],
  heard: (lines: readonly string[], kill: () => void) => void,
): Promise<string[]> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    heard(lines, () => child.kill("SIGKILL"));
  }
  return lines;
}

const writes = Number(process.env["MOTET_KILL_WRITES"] ?? 2_000);

test.each([0.1, 0.6])(
  "a kill after %d of the writes loses nothing acknowledged",
  { timeout: longTest },
  async (part) => {
    const folder = await mkdtemp(path.join(tmpdir(), "motet-kill-"));
    folders.push(folder);
    const told = await run(["write", folder, String(writes)], (lines, kill) => {
      if (lines.length >= part * writes) kill();
    });
    expect(told).not.toContain("done");
    const acknowledged = new Set(told.map(Number));
    expect(acknowledged.size).toBeGreaterThanOrEqual(part * writes);
    const [answer = "{}"] = await run(["read", folder, String(writes)], () => undefined);
    const { missing, records } = JSON.parse(answer) as {
      readonly missing: readonly number[];
      readonly records: number;
    };
    expect(missing.filter((i) => acknowledged.has(i))).toEqual([]);
    expect(records).toBeGreaterThanOrEqual(acknowledged.size);
  },
);
