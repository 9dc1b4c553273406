import { describe, expect, test } from "vitest";
import { deriveMutants } from "./derive.js";
import { parseTag } from "./tag.js";

const derive = (source: string, file = "a.js") => deriveMutants([{ file, source }]);

describe("a tag", () => {
  test("begins a line comment", () => {
    expect(parseTag(" r[a.b]")).toEqual({ rule: "a.b", mode: { kind: "default" } });
    expect(parseTag(" see r[a.b]")).toBeUndefined();
    expect(parseTag(" r[a.b] also: checked by the reader too")).toEqual({ rule: "a.b", mode: { kind: "also" } });
  });

  test("with a mistyped operator is a problem, never a default", () => {
    for (const rest of ["mutate: alway", "mutate: `a` -> `b`", "mutat: remove", "refuses it"]) {
      expect(parseTag(` r[a.b] ${rest}`)).toHaveProperty("bad");
    }
    expect(derive("// r[a.b] refuses it\nf();").problems).toHaveLength(1);
  });

  test("in a block comment is only a citation", () => {
    expect(derive("/** r[a.b] */\nf();")).toMatchObject({ mutants: [], problems: [] });
  });

  test("behind code or at the end of a block is a problem", () => {
    expect(derive("f(); // r[a.b]\ng();").problems[0]?.what).toContain("behind code");
    expect(derive("function g() {\nf();\n// r[a.b]\n}").problems[0]?.what).toContain("nothing after it");
  });
});

describe("mutants", () => {
  test("are counted for each rule through all files, in the order of their names", () => {
    const one = { file: "b.js", source: "// r[a.b]\nf();\n// r[a.c]\nf();" };
    const two = { file: "a.js", source: "// r[a.b]\ng();" };
    const ids = (files: (typeof one)[]) => deriveMutants(files).mutants.map(({ id, file }) => `${id} ${file}`);
    expect(ids([one, two])).toEqual(["a.b#1 a.js", "a.b#2 b.js", "a.c#1 b.js"]);
    expect(ids([two, one])).toEqual(ids([one, two]));
  });

  test("of several tags in one block all change the same statement", () => {
    const { mutants } = derive("// r[a.b]\n// r[a.c] mutate: always\nif (x) f();");
    expect(mutants.map(({ change }) => change)).toEqual(["x → false", "x → true"]);
  });

  test("change one place and leave the rest as it was", () => {
    const source = "const y = 1;\n// r[a.b]\nif (x) f();\nif (x) g();\n";
    expect(derive(source).mutants[0]?.source).toBe(source.replace("if (x) f()", "if (false) f()"));
  });

  test("do not come from `also`, which counts as a tag", () => {
    const { mutants, tagged } = derive("// r[a.b] also\nif (x) f();");
    expect(mutants).toEqual([]);
    expect([...tagged]).toEqual(["a.b"]);
  });

  test("of a class member need an explicit change", () => {
    expect(derive("class A {\n// r[a.b] mutate: `1` => `2`\nstatic x = 1;\n}").mutants[0]?.source).toContain("x = 2");
    expect(derive("class A {\n// r[a.b]\nrun() {}\n}").problems[0]?.what).toContain("explicit operator");
  });
});
