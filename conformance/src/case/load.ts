// Loads cases from files: vectors (many in one file) and scenarios (one or many), sorted by id.
// Looks at the common head only; the whole shape is for `vectors lint` and for the node tier to check.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { scenariosRoot, vectorsRoot } from "./places.js";
import type { Case, CaseHead, CodecCase, NodeCase, Tier } from "./types.js";

/** A file of cases that cannot be used; the message names the file and the next step. */
export class CaseFileError extends Error {
  override readonly name = "CaseFileError";
}

type RawCase = Readonly<Record<string, unknown>>;

/** Paths of all case files below a root, sorted, relative with `/`. Folders `schema` and files beside the areas are not cases. */
export function caseFiles(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(".json") && path.includes("/"))
    .filter((path) => !path.startsWith("schema/") && !path.startsWith("node_modules/"))
    .toSorted();
}

/** The cases of one file: an object with `cases`, or one case. */
export function readCaseFile(root: string, path: string): RawCase[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(join(root, path), "utf8"));
  } catch (error) {
    throw new CaseFileError(
      `${path}: no JSON (${(error as Error).message}); next step: motet-conformance vectors lint`,
    );
  }
  if (typeof parsed !== "object" || parsed === null) throw new CaseFileError(`${path}: no object`);
  const cases = (parsed as { cases?: unknown }).cases;
  return Array.isArray(cases) ? (cases as RawCase[]) : [parsed as RawCase];
}

function headOf(raw: RawCase, tier: Tier, file: string): CaseHead {
  const { id, rules, level = "MUST", since = 1, features = [], comment = "", control } = raw as Partial<CaseHead>;
  if (typeof id !== "string" || !id.startsWith(`${tier}/`) || !Array.isArray(rules)) {
    throw new CaseFileError(`${file}: a case of the ${tier} tier needs an id that starts with ${tier}/, and rules`);
  }
  const head = { id, tier, rules, level, since, features, comment };
  return control === undefined ? head : { ...head, control };
}

/** Cases of the codec tier. */
export function loadVectors(root: string = vectorsRoot): CodecCase[] {
  return caseFiles(root).flatMap((file) =>
    readCaseFile(root, file).map((raw) => {
      const { op, in: input, expect, source } = raw as unknown as CodecCase;
      return { ...headOf(raw, "codec", file), tier: "codec" as const, op, in: input, expect, source, file };
    }),
  );
}

/** Cases of the node tier; their steps stay as they are. */
export function loadScenarios(root: string = scenariosRoot): NodeCase[] {
  return caseFiles(root).flatMap((file) =>
    readCaseFile(root, file).map((raw) => ({
      ...headOf(raw, "node", file),
      tier: "node" as const,
      scenario: raw,
      file: relative(root, join(root, file)),
    })),
  );
}

/** All cases of both tiers, sorted by id; a repeated id is an error. */
export function loadCases(roots: { readonly vectors?: string; readonly scenarios?: string } = {}): Case[] {
  const cases: Case[] = [...loadVectors(roots.vectors), ...loadScenarios(roots.scenarios)];
  const sorted = cases.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const twice = sorted.find((testCase, index) => testCase.id === sorted[index + 1]?.id);
  if (twice !== undefined) throw new CaseFileError(`${twice.file}: the id ${twice.id} is used twice`);
  return sorted;
}
