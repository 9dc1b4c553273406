// The guide is what it says: its blocks are one program that compiles, runs, prints what its comments say and ends; its tables
// name the codes that there are.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { ErrorCode, Limit } from "../../src/gen/registry.js";
import { longTest } from "../harness/runs.js";
import { buildPackage } from "../process/worker.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const guide = readFileSync(path.join(root, "ts/GUIDE.md"), "utf8");
/** Below node_modules, so that `motet` is found as in any project that has installed it. */
const project = path.join(root, "node_modules/.cache/motet-guide");

const blocks = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block = ""]) => block);
const promised = [...blocks.join("").matchAll(/\/\/ prints: (.*)$/gm)].map(([, line = ""]) => line);

/** A project as the first step of the guide has it: its TypeScript needs nothing but the resolution of Node. */
function writeProject(): void {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    strict: true,
    noUncheckedIndexedAccess: true,
    types: ["node"],
  };
  writeFileSync(path.join(project, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["guide.ts"] }));
  writeFileSync(path.join(project, "guide.ts"), blocks.join("\n"));
}

const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { cwd: project, encoding: "utf8", timeout: 50_000 });

describe("the guide", () => {
  beforeAll(() => {
    buildPackage();
    writeProject();
  }, 120_000);

  test("compiles and prints what it promises, and the program ends by itself", { timeout: longTest }, () => {
    run(process.execPath, path.join(root, "node_modules/typescript/bin/tsc"), "-p", ".");
    expect(run(process.execPath, "guide.js").trimEnd().split("\n")).toEqual(promised);
    expect(promised.length).toBeGreaterThan(15);
  });
});

describe("the tables of the guide", () => {
  const firstCells = guide
    .split("\n")
    .flatMap((line) => /^\| ([A-Z][A-Z_]+(?:, [A-Z_]+)*) \|/.exec(line)?.[1]?.split(", ") ?? []);

  test("name codes that there are, and leave none out", () => {
    expect([...new Set(firstCells)].sort()).toEqual(Object.keys(ErrorCode).sort());
  });

  test("hold the numbers of the registry", () => {
    expect(guide).toContain("a queue of its own");
    expect(Limit.QUEUE_FULL_MS).toBe(10_000);
    expect(Limit.CHANNEL_BYTES).toBe(64);
  });
});
