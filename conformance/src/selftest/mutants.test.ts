import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Case, CodecCase } from "../case/index.js";
import { codecTier } from "../codec/index.js";
import { deriveMutants } from "../mutants/index.js";
import { runDifferential } from "./differential.js";
import { runMutants } from "./mutants.js";
import { runNullTestees } from "./null-testees.js";
import type { MutantResult } from "./report.js";
import { caseRunner } from "./tiers.js";

/** A reference in miniature: prefaces only, with a tag for each way that a mutant may end. */
const program = `
export function decode(bytes) {
  // r[p.length]
  if (bytes.length !== 16) return { reject: { code: "MALFORMED" } };
  // r[p.magic]
  if (!bytes.startsWith("4d4f544554")) return { reject: { code: "NOT_MOTET" } };
  // r[p.unseen]
  if (bytes === "never") return { reject: { code: "MALFORMED" } };
  return { ok: { lowest: Number(bytes.slice(10, 12)), highest: Number(bytes.slice(12, 14)) } };
}
// r[p.start] mutate: \`1\` => \`(() => { throw new Error("no start"); })()\`
export const link = 1;
`;

const adapter = `
import { createInterface } from "node:readline";
import { decode, link } from "motet/wire";
const about = { link, implementation: { name: "x", version: "1", language: "y" }, versions: [1], features: ["codec"] };
for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, in: input } = JSON.parse(line);
  const reply = op === "hello" ? { ok: about } : op === "codec.decode" ? decode(input.bytes) : { ok: {} };
  console.log(JSON.stringify({ id, ...reply }));
}
`;

/** Refuses everything, with a code that is never right here. */
const OTHER = "({ reject: { code: 'MISUSE' } })";

const root = mkdtempSync(join(tmpdir(), "motet-selftest-"));
const run = caseRunner([codecTier]);
const silent = (): void => {};

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeAll(() => {
  write("ts/package.json", JSON.stringify({ name: "motet", type: "module", exports: { "./wire": "./dist/wire.js" } }));
  write("ts/dist/wire.js", program);
  write("conformance/ports/typescript/adapter.mjs", adapter);
  write(
    "null/silent.mjs",
    adapter.replace("console.log", "if (op === 'hello') console.log").replace("motet/wire", "../ts/dist/wire.js"),
  );
  write("null/able.mjs", adapter.replace("motet/wire", "../ts/dist/wire.js"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const caseOf = (id: string, rule: string, bytes: string, expectation: CodecCase["expect"], control?: string): Case => ({
  id: `codec/${id}`,
  tier: "codec",
  rules: [rule],
  level: "MUST",
  since: 1,
  features: [],
  comment: "",
  op: "codec.decode",
  in: { type: "preface", bytes },
  expect: expectation,
  source: "",
  file: "",
  ...(control === undefined ? {} : { control: `codec/${control}` }),
});

const right = "4d4f544554010100";
const cases = [
  caseOf("right", "p.right", right, { ok: { lowest: 1, highest: 1 } }),
  caseOf("long", "p.length", `${right}00`, { reject: ["MALFORMED"] }, "right"),
  caseOf("magic", "p.magic", `ff${right.slice(2)}`, { reject: ["NOT_MOTET"] }, "right"),
  caseOf("unseen", "p.unseen", right, { ok: { lowest: 1, highest: 1 } }),
  caseOf("start", "p.start", right, { ok: { lowest: 1, highest: 1 } }),
  caseOf("wrong", "p.wrong", right, { reject: ["MALFORMED"] }, "right"),
  caseOf("observed", "p.unseen", right, { observe: true }),
];

async function runProgram(source: string, cited: readonly Case[] = cases): Promise<MutantResult[]> {
  const { mutants } = deriveMutants([{ file: "ts/dist/wire.js", source }]);
  const out = join(root, "conformance/out/mutants");
  return runMutants({ root, out, mutants, cases: cited, run, seed: 1, onDone: silent });
}

describe("a mutant", () => {
  test("dies by the case of its rule, lives when none sees it, or is broken", async () => {
    const results = await runProgram(program);
    expect(results.map(({ id, killed, broken, by }) => [id, killed, broken, by])).toEqual([
      ["p.length#1", true, false, "codec/long"],
      ["p.magic#1", true, false, "codec/magic"],
      ["p.start#1", false, true, ""],
      ["p.unseen#1", false, false, ""],
    ]);
    expect(results[3]?.why).toBe("all of its 1 cases pass");
  });

  test("dies by a case whose control passes, before one whose control fails too", async () => {
    const all = program.replaceAll(/\/\/ r\[.*\].*/g, "").replace("  if", "  // r[p.all] mutate: always\n  if");
    const citing = cases.slice(0, 3).map((testCase) => ({ ...testCase, rules: ["p.all"] }));
    expect((await runProgram(all, citing))[0]).toMatchObject({ by: "codec/right", verdict: "fail", cases: 3 });
    const [unclean] = await runProgram(all, [...citing.slice(2), { ...citing[0], rules: [] } as Case]);
    expect(unclean).toMatchObject({ by: "codec/magic", killed: true });
  });

  test("lives when no case cites its rule, or only one that the reference fails as well", async () => {
    const tag = (rule: string): string =>
      program.replaceAll(/\/\/ r\[.*\].*/g, "").replace("  if", `// r[${rule}]\n  if`);
    expect((await runProgram(tag("p.other")))[0]).toMatchObject({ killed: false, why: "no case cites the rule" });
    const [wrong] = await runProgram(tag("p.wrong"));
    expect(wrong).toMatchObject({ killed: false });
    expect(wrong?.why).toContain("codec/wrong fails on the reference itself");
  });
});

test("null testees are put through all cases, and what passes is named", async () => {
  const results = await runNullTestees({
    folder: join(root, "null"),
    cases,
    tiers: [codecTier],
    seed: 1,
    onDone: silent,
  });
  expect(results).toMatchObject([
    { name: "able", scoredPasses: 5, attempted: 7 },
    { name: "silent", scoredPasses: 0, attempted: 7, problem: "" },
  ]);
});

test("differential: a difference is found and made small", async () => {
  const command = [process.execPath, join(root, "null/able.mjs")];
  const result = await runDifferential({ command, cases: cases.slice(0, 1), inputs: 200, seed: 1 });
  expect(result.inputs).toBe(201);
  expect(result.disagreements).toBeGreaterThan(0);
  const again = await runDifferential({ command, cases: cases.slice(0, 1), inputs: 200, seed: 1 });
  expect(again).toEqual(result);
});

test("differential: another code is a difference", async () => {
  const command = [process.execPath, join(root, "null/able.mjs")];
  const result = await runDifferential({ command, cases: cases.slice(1, 3), inputs: 0, seed: 1 });
  expect(result).toMatchObject({ inputs: 2, disagreements: 0 });
  write("other/able.mjs", adapter.replace("motet/wire", "../ts/dist/wire.js").replace("decode(input.bytes)", OTHER));
  const other = [process.execPath, join(root, "other/able.mjs")];
  const { disagreements, examples } = await runDifferential({
    command: other,
    cases: cases.slice(2, 3),
    inputs: 0,
    seed: 1,
  });
  expect(disagreements).toBe(1);
  expect(examples[0]).toMatchObject({ golden: "reject NOT_MOTET", reference: "reject MISUSE", from: "codec/magic" });
});
