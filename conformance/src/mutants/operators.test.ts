import { describe, expect, test } from "vitest";
import { deriveMutants } from "./derive.js";

/** The body of a function with its tag, after the mutation. */
function broken(body: string): string {
  const source = `export function f(a, b, c) {\n${body}\n}`;
  const { mutants, problems } = deriveMutants([{ file: "f.js", source }]);
  if (problems[0]) throw new Error(problems[0].what);
  const [mutant] = mutants;
  const lines = (mutant?.source ?? "").split("\n").slice(1, -1);
  return lines
    .filter((line) => !line.includes("// r["))
    .map((line) => line.trim())
    .join(" ");
}

describe("the default", () => {
  test.each([
    ["if (a > 1) return 2;", "if (false) return 2;"],
    ["if (a) b();\nelse c();", "if (false) b(); else c();"],
    ["a.check(b);", ";"],
    ["await0(a);", ";"],
    ["throw new Error(a);", ";"],
    ["return a < b;", "return !(a < b);"],
    ["return !a;", "return !(!a);"],
    ["return a && b;", "return !(a && b);"],
    ["return a + b;", "return (a);"],
    ["return a ? b : c;", "return (b);"],
    ["const x = a === b;", "const x = !(a === b);"],
    ["const x = a - b;", "const x = (a);"],
    ["const x = Math.min(a, b);", "const x = (a);"],
    ["const x = Math.max(a.y, b);", "const x = (a.y);"],
    ["const x = a ? b : c;", "const x = (b);"],
    ["const x = (a + b);", "const x = (a);"],
  ])("of %s is %s", (statement, expected) => {
    expect(broken(`// r[x.y]\n${statement}`)).toBe(expected);
  });

  test.each([
    "return f(a);",
    "const x = f(a);",
    "function g() {}",
    "while (a) b();",
    "const x = a ?? b;",
    "let x;",
    "const x = a < b, y = c;",
    "return a * b;",
  ])("of %s is missing, and the tag says so", (statement) =>
    expect(() => broken(`// r[x.y]\n${statement}`)).toThrow("explicit operator"),
  );

  test("of an `else if` is its condition", () => {
    expect(broken("if (a) b();\n// r[x.y]\nelse if (c) a();")).toBe("if (a) b(); else if (false) a();");
  });

  test("of one operand is that it loses its say", () => {
    expect(broken("if (\n// r[x.y]\na > 1 ||\nb) c();")).toBe("if ( false || b) c();");
    expect(broken("return (a &&\n// r[x.y]\nb > 1);")).toBe("return (a && true);");
  });

  test("of the value of an arrow function is its opposite", () => {
    expect(broken("const g = () =>\n// r[x.y]\na > 1;")).toBe("const g = () => !(a > 1);");
  });

  test("works inside a switch", () => {
    expect(broken("switch (a) {\ncase 1:\n// r[x.y]\nif (b) return 1;\nbreak;\n}")).toContain("if (false) return 1;");
  });
});

describe("an explicit operator", () => {
  test.each([
    ["always", "if (a) b();", "if (true) b();"],
    ["always", "return a.b();", "return true;"],
    ["negate", "if (a) b();", "if (!(a)) b();"],
    ["negate", "while (a) b();", "while (!(a)) b();"],
    ["remove", "const x = f(a);", ";"],
    ["remove", "if (a) b();", ";"],
    ["early", "b();", "return; b();"],
    ["`b` => `c`", "return a(b);", "return a(c);"],
    ["`a(  b )` => ``", "return 1 + a( b );", "return 1 + ;"],
  ])("%s on %s", (operator, statement, expected) => {
    const made = () => broken(`// r[x.y] mutate: ${operator}\n${statement}`);
    if (expected.endsWith("+ ;")) expect(made).toThrow("no valid program");
    else expect(made()).toBe(expected);
  });

  test("early stays inside an unbraced branch", () => {
    expect(broken("if (a)\n// r[x.y] mutate: early\nb();")).toBe("if (a) { return; b(); }");
  });

  test("a replacement needs exactly one place", () => {
    expect(() => broken("// r[x.y] mutate: `a` => `b`\nreturn a + a;")).toThrow("2 times");
    expect(() => broken("// r[x.y] mutate: `z` => `b`\nreturn a + a;")).toThrow("0 times");
  });

  test("white space of a replacement is any white space", () => {
    expect(broken("// r[x.y] mutate: `a + b` => `a`\nreturn a +\n  b;")).toBe("return a;");
  });

  test("an entry takes its comma along", () => {
    expect(broken("return [\n// r[x.y] mutate: remove\n1,\n2];")).toBe("return [  2];");
    expect(broken("return {\n// r[x.y] mutate: remove\na: 1,\nb };")).toBe("return {  b };");
  });
});
