// The guide is what it says: its blocks are one program that compiles, runs, prints what its comments say and ends; its tables
// name the codes and defaults that there are.
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ErrorCode } from "../../src/gen/registry.js";
import { defaultDescriptor } from "../../src/identity/index.js";
import { longTest } from "../harness/runs.js";
import { buildPackage } from "../process/worker.js";
import { blocksOf, promisedBy, root, Snippets } from "./snippets.js";

const guide = readFileSync(path.join(root, "ts/GUIDE.md"), "utf8");
const rows = guide.split("\n").filter((line) => line.startsWith("| "));
const cellsOf = (row: string): readonly string[] => row.split("|").map((cell) => cell.trim());

beforeAll(buildPackage, 120_000);

test("compiles and prints what it promises, and the program ends by itself", { timeout: longTest }, () => {
  const blocks = blocksOf(guide, "ts");
  const promised = promisedBy(blocks);
  expect(new Snippets("motet-guide", blocks).run()).toEqual(promised);
  expect(promised.length).toBeGreaterThan(15);
});

describe("its tables", () => {
  test("name codes that there are, and leave none out", () => {
    const codes = rows.flatMap((row) => /^\| ([A-Z_]+(?:, [A-Z_]+)*) \|/.exec(row)?.[1]?.split(", ") ?? []);
    expect([...new Set(codes)].sort()).toEqual(Object.keys(ErrorCode).sort());
  });

  test.each(["freshness", "maxMessage"] as const)("have the default of %s", (name) => {
    const [, , shown = ""] = cellsOf(rows.find((row) => row.startsWith(`| \`${name}\``)) ?? "");
    expect(Number(shown.replaceAll(/[^0-9]/g, ""))).toBe(defaultDescriptor[name]);
  });

  test("have links that lead somewhere", () => {
    const headings = [...guide.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
    const anchors = new Set(headings.map((heading) => heading.replaceAll(/[^\w -]/g, "").replaceAll(" ", "-")));
    const links = [...guide.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
    expect(links.filter((link) => !anchors.has(link))).toEqual([]);
    expect(links.length).toBeGreaterThan(5);
  });
});
