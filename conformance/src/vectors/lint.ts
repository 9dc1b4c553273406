// Checks the vectors as they lie on disk: schema, canonical form, ids, rules, controls. Knows nothing of how they were made.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { caseFiles, loadVectors, type CodecCase } from "../case/index.js";
import { sameJson } from "../codec/index.js";
import { formatVectorFile } from "./format.js";
import { lockFindings, readIdLock } from "./lock.js";
import type { VectorFile } from "./types.js";

export interface LintResult {
  readonly findings: readonly string[];
  readonly cases: readonly CodecCase[];
}

export const isRejection = ({ expect }: CodecCase): boolean => "reject" in expect;

function fileFindings(root: string, path: string, validate: (data: unknown) => string | undefined): string[] {
  const text = readFileSync(join(root, path), "utf8");
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return [`${path}: no JSON: ${(error as Error).message}`];
  }
  const fault = validate(data);
  if (fault !== undefined) return [`${path}: ${fault}`];
  const file = data as Omit<VectorFile, "path">;
  const [area = ""] = path.split("/");
  const findings = file.area === area ? [] : [`${path}: the area is ${file.area}, the folder ${area}`];
  if (formatVectorFile(file) !== text) findings.push(`${path}: not in canonical form; run vectors generate`);
  const strange = file.cases.filter(({ id }) => !id.startsWith(`codec/${area}/`));
  return [...findings, ...strange.map(({ id }) => `${path}: ${id} does not begin with codec/${area}/`)];
}

/**
 * A control expects something else than its case: it shows that the testee tells the two apart. A rejection has an acceptance
 * for its control; an acceptance needs one only where a testee that always says the same would pass it.
 */
function controlFindings(cases: readonly CodecCase[]): string[] {
  const byId = new Map(cases.map((testCase) => [testCase.id, testCase]));
  return cases.flatMap((testCase) => {
    const { id, control, expect } = testCase;
    if (control === undefined) {
      if (isRejection(testCase)) return [`${id} is a rejection without control`];
      const silent = "ok" in expect && Object.keys(expect.ok).length === 0;
      return silent ? [`${id} is answered with nothing but yes, so it needs a refusal for its control`] : [];
    }
    const other = byId.get(control);
    if (other === undefined) return [`${id}: its control ${control} does not exist`];
    const same = isRejection(testCase) ? isRejection(other) : sameJson(other.expect, expect);
    if (same) return [`${id}: its control ${control} comes out the same way`];
    return other.op === testCase.op || other.op === "codec.decode"
      ? []
      : [`${id}: its control ${control} is another operation`];
  });
}

function ruleFindings(cases: readonly CodecCase[], rules: ReadonlySet<string>): string[] {
  if (rules.size === 0) return [];
  return cases.flatMap(({ id, rules: cited }) => {
    const missing = cited.filter((rule) => !rules.has(rule)).map((rule) => `${id}: there is no r[${rule}]`);
    return cited.length === 0 ? [`${id} proves no rule`] : missing;
  });
}

/** Everything that is wrong with the vectors below a root. `rules` is empty where the specification is not at hand. */
export function lintVectors(root: string, rules: ReadonlySet<string>): LintResult {
  const schema = JSON.parse(readFileSync(join(root, "schema/vectors.schema.json"), "utf8")) as object;
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const check = ajv.compile(schema);
  const validate = (data: unknown): string | undefined =>
    check(data) ? undefined : `${check.errors?.[0]?.instancePath ?? ""} ${check.errors?.[0]?.message ?? "is wrong"}`;
  const broken = caseFiles(root).flatMap((path) => fileFindings(root, path, validate));
  if (broken.some((finding) => finding.includes("no JSON"))) return { findings: broken, cases: [] };
  const cases = loadVectors(root);
  const ids = cases.map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is used twice`);
  const findings = [
    ...broken,
    ...twice,
    ...lockFindings(ids, readIdLock(root)),
    ...ruleFindings(cases, rules),
    ...controlFindings(cases),
  ];
  return { findings, cases };
}
