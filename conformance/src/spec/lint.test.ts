import { describe, expect, test } from "vitest";
import { checkNames } from "./check-names.js";
import { checkRules, wordsMarker } from "./check-rules.js";
import { checkCitations, citationsIn } from "./citations.js";
import { acceptInto, checkLock, retired } from "./lock.js";
import { registryNames } from "./registry-names.js";
import { parseSpecification } from "./specification.js";

const names = registryNames({
  enums: { ErrorCode: [{ name: "BAD_KEY" }, { name: "TOO_LARGE" }], Limit: [{ name: "ORIGINS" }] },
});
const parse = (text: string, file = "spec/01-test.md") => parseSpecification([{ file, text }]);
const findings = (text: string) => checkRules(parse(text), names.errorCodes).map(({ line, what }) => `${line} ${what}`);
const nameFindings = (text: string) => checkNames(parse(text).chapters, names).map(({ what }) => what);

const good = "r[a.b] A receiver MUST refuse it as BAD_KEY.";

describe("rules are read", () => {
  test("from paragraphs, list items and several lines", () => {
    const text = `# 1 T\n\n## 1.1 S\n\n${good}\n\n1. r[a.c] A node MUST NOT\n   do it.\n2. r[a.d] A sender MAY do it.\n`;
    const { rules } = parse(text);
    expect(rules.map(({ id, actor, level, line, section }) => [id, actor, level, line, section])).toEqual([
      ["a.b", "receiver", "MUST", 5, "1.1"],
      ["a.c", "node", "MUST NOT", 7, "1.1"],
      ["a.d", "sender", "MAY", 9, "1.1"],
    ]);
    expect(rules[1]?.text).toBe("A node MUST NOT do it.");
    expect(findings(text)).toEqual([]);
  });

  test("from numbered chapters only, and not from fences or mid-sentence", () => {
    expect(parse(good, "spec/NOTES.md").rules).toEqual([]);
    expect(parse(`\`\`\`\n${good}\n\`\`\`\n\nas r[a.b] says\n`).rules).toEqual([]);
    const fenced = parse(`${good}\n\`\`\`\ncode\n\`\`\`\n`);
    expect(fenced.rules[0]?.text).toBe("A receiver MUST refuse it as BAD_KEY.");
  });
});

describe("the form of a rule", () => {
  test.each([
    ["A receiver must refuse it.", "has none of MUST"],
    ["A receiver MUST refuse it and MUST close.", "has 2 of MUST"],
    ["Everyone MUST refuse it.", "does not begin with an actor"],
    ["A receiver MUST refuse it as BAD_KEY here, as TOO_LARGE there.", "refuses with BAD_KEY and TOO_LARGE"],
  ])("%s", (text, expected) => {
    expect(findings(`r[a.b] ${text}`).join()).toContain(expected);
  });

  test("ids are lower case with a dot, and used once", () => {
    expect(findings(good.replace("a.b", "a"))[0]).toContain("does not match");
    expect(findings(good.replace("a.b", "a.B"))[0]).toContain("does not match");
    expect(findings(`${good}\n\n${good}`)).toEqual(["3 r[a.b] is used already at spec/01-test.md:1"]);
    expect(parse(`${good}\n\n${good}`).byId.get("a.b")?.line).toBe(1);
  });
});

describe("the words", () => {
  test("stand in rules only", () => {
    expect(findings("Text.\nIt MUST be.")).toEqual(["2 MUST outside a rule"]);
    expect(findings("| a |\n|---|\n| MAY |")).toEqual(["3 MAY outside a rule"]);
    expect(findings("- r[a.b] A node SHOULD do it.")).toEqual(["1 SHOULD outside a rule"]);
  });

  test("are free in the section that defines them, and there alone", () => {
    const text = `## 0.1 Words\n\n${wordsMarker}\n\nMUST means must.\n\n## 0.2 Else\n\nIt MUST be.`;
    expect(findings(text)).toEqual(["9 MUST outside a rule"]);
  });
});

test("names in capitals belong to the registry", () => {
  expect(nameFindings("ORIGINS, READY, SHA-256, 00FF–FFFF, S ≥ L and `motet/1` are fine")).toEqual([]);
  expect(nameFindings("refuse as BAD_KEY, end with TOO_LARGE")).toEqual([]);
  expect(nameFindings("refuse as BAD_KEYS")).toEqual(["BAD_KEYS is no name of the registry"]);
  expect(nameFindings("It SHALL be")).toEqual(["SHALL is no name of the registry"]);
  expect(nameFindings("refuse as ORIGINS")).toEqual(["ORIGINS is no error code"]);
});

describe("citations", () => {
  const ids = (file: string, text: string) => citationsIn(file, text).map(({ id, line }) => `${line} ${id}`);

  test("are found in texts, comments and lists of rules", () => {
    expect(ids("a.md", "see\nr[a.b] and (r[a.c])")).toEqual(["2 a.b", "2 a.c"]);
    expect(ids("a.ts", "const x = r[i];\n// r[a.b]\n/** of r[a.c] */")).toEqual(["2 a.b", "3 a.c"]);
    expect(ids("a.json", '{\n"id": "x", "rules": ["a.b",\n"a.c"] }')).toEqual(["2 a.b", "2 a.c"]);
  });

  test("may name a family, which exists", () => {
    const { byId } = parse(good);
    expect(checkCitations(citationsIn("a.md", "r[a.*] r[b.*]"), byId).map(({ what }) => what)).toEqual([
      "r[b.*] is cited and does not exist",
    ]);
  });

  test("of an unknown rule are findings", () => {
    const { byId } = parse(good);
    expect(checkCitations(citationsIn("a.md", "r[a.b] r[a.x]"), byId).map(({ what }) => what)).toEqual([
      "r[a.x] is cited and does not exist",
    ]);
  });
});

describe("the lock", () => {
  const spec = parse(good);
  const what = (text: string, lock: Record<string, string>) => checkLock(parse(text), lock)[0]?.what;
  const locked = acceptInto({}, spec, ["a.b"]);

  test("holds the text of each rule, white space aside", () => {
    expect(locked["a.b"]).toMatch(/^[0-9a-f]{16}$/);
    expect(what(good, {})).toBe("r[a.b] is new");
    expect(what(good.replace("refuse it", "refuse\nit"), locked)).toBeUndefined();
    expect(what(good.replace("refuse", "accept"), locked)).toBe("the text of r[a.b] changed");
  });

  test("keeps retired ids for ever", () => {
    expect(what("", locked)).toBe("r[a.b] is gone from the text");
    const after = acceptInto(locked, parse(""), ["a.b"]);
    expect(after).toEqual({ "a.b": retired });
    expect(what("", after)).toBeUndefined();
    expect(what(good, after)).toBe("r[a.b] was retired");
    expect(acceptInto(after, spec, ["a.b"])).toEqual(after);
  });
});
