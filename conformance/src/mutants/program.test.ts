import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deriveMutants } from "./derive.js";
import { layOutMutant, takeSnapshot } from "./mirror.js";
import { checkTagsArrived, mutantsOfReference } from "./program.js";

const tagged = "// r[a.b]\nif (x) f();\n";

test("a tag that did not arrive in the compiled file is a problem", () => {
  const source = { file: "ts/src/x/a.ts", source: tagged };
  const arrived = (text: string, file = "ts/dist/x/a.js") => checkTagsArrived([source], [{ file, source: text }]);
  expect(arrived(`  ${tagged}`)).toEqual([]);
  expect(arrived("if (x) f();")).toHaveLength(1);
  expect(arrived(tagged.replace("a.b", "a.c"))).toHaveLength(1);
  expect(arrived(tagged, "ts/dist/x/b.js")).toHaveLength(1);
});

test("a mutant is laid out with one file changed, and the snapshot stays as it was", () => {
  const root = mkdtempSync(join(tmpdir(), "motet-mutants-"));
  try {
    for (const folder of ["ts/dist/x", "ts/src/x", "conformance/ports/typescript"]) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    writeFileSync(join(root, "ts/package.json"), "{}");
    writeFileSync(join(root, "ts/dist/x/a.js"), tagged);
    writeFileSync(join(root, "ts/dist/x/a.d.ts"), "");
    writeFileSync(join(root, "ts/src/x/a.ts"), tagged);
    // Left behind by an earlier build: no mutant comes of it.
    writeFileSync(join(root, "ts/dist/x/old.js"), tagged);
    writeFileSync(join(root, "conformance/ports/typescript/adapter.mjs"), "");
    const { mutants, problems } = mutantsOfReference(root, new Map([["a.b", true]]));
    expect(problems).toEqual([]);
    expect(mutants).toEqual(deriveMutants([{ file: "ts/dist/x/a.js", source: tagged }]).mutants);
    const out = join(root, "out");
    const snapshot = takeSnapshot(root, out);
    const adapter = layOutMutant(snapshot, out, mutants[0] as (typeof mutants)[0]);
    expect(adapter).toBe(join(out, "a.b-1", "adapter.mjs"));
    const changed = "node_modules/motet/dist/x/a.js";
    expect(readFileSync(join(out, "a.b-1", changed), "utf8")).toContain("if (false)");
    expect(readFileSync(join(snapshot, changed), "utf8")).toBe(tagged);
    expect(readFileSync(join(root, "ts/dist/x/a.js"), "utf8")).toBe(tagged);
    expect(() => statSync(join(snapshot, "node_modules/motet/dist/x/a.d.ts"))).toThrow("ENOENT");
    expect(mutantsOfReference(root, new Map()).problems[0]?.what).toContain("does not exist");
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
