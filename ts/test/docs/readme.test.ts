// What the README shows is what comes: its program, its demo, and the command line that it quotes.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../cli/motet.js";
import { longTest } from "../harness/runs.js";
import { buildPackage } from "../process/worker.js";
import { blocksOf, promisedBy, root, Snippets } from "./snippets.js";

const readme = readFileSync(path.join(root, "README.md"), "utf8");
const [demo = "", commands = "", inspection = ""] = blocksOf(readme, "").filter((block) => !block.startsWith("make "));

beforeAll(buildPackage, 120_000);

test("its program compiles and prints what it promises", { timeout: longTest }, () => {
  const blocks = blocksOf(readme, "ts");
  expect(new Snippets("motet-readme", blocks).run()).toEqual(promisedBy(blocks));
  expect(blocks).toHaveLength(1);
});

test("make demo prints what is shown, but for ids, ports and times", { timeout: longTest }, () => {
  const mask = (text: string): string => text.replaceAll(/motet1\w+|:\d+$|\d+ ms/gm, "…");
  const printed = execFileSync(process.execPath, [path.join(root, "ts/examples/demo.mjs")], { encoding: "utf8" });
  expect(mask(printed)).toBe(mask(demo));
});

describe("the command line", () => {
  const lines = commands.split("\n").filter((line) => line.startsWith("motet "));

  test.each(lines)("%s", async (line) => {
    const [, verb = "", ...words] = line.replace(/ {2,}#.*/, "").split(" ");
    const help = await run(verb, "--help");
    expect(help.code).toBe(0);
    for (const option of words.filter((word) => word.startsWith("--"))) expect(help.stdout).toContain(`  ${option} `);
  });

  test("inspect prints what is shown", async () => {
    const [, hex = ""] = /`motet inspect ([0-9a-f ]+)` prints/.exec(readme) ?? [];
    expect(await run("inspect", ...hex.split(" "))).toEqual({ code: 0, stdout: inspection, stderr: "" });
  });
});
