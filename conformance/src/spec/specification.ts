// The specification as data: its chapters cut into blocks, and the index of its rules.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Block, blocksOf } from "./blocks.js";
import { type Rule, ruleOf } from "./rule.js";

export interface Chapter {
  /** Path from the root of the repository, with forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

export interface Specification {
  readonly chapters: readonly Chapter[];
  /** In the order of the text; ids may repeat, which `spec lint` reports. */
  readonly rules: readonly Rule[];
  /** The first rule of each id. */
  readonly byId: ReadonlyMap<string, Rule>;
}

const numbered = /\/\d\d-[^/]*\.md$/;

/** Rules stand in numbered chapters only; other texts of `spec/` are read for their citations. */
export function parseSpecification(files: Iterable<{ file: string; text: string }>): Specification {
  const chapters = Array.from(files, ({ file, text }) => ({ file, text, blocks: blocksOf(text) }));
  const rules = chapters
    .filter(({ file }) => numbered.test(file))
    .flatMap(({ file, blocks }) => blocks.flatMap((block) => ruleOf(block, file) ?? []));
  const byId = new Map<string, Rule>();
  for (const rule of rules) if (!byId.has(rule.id)) byId.set(rule.id, rule);
  return { chapters, rules, byId };
}

export function readSpecification(root: string): Specification {
  const names = readdirSync(join(root, "spec")).filter((name) => name.endsWith(".md"));
  return parseSpecification(
    names.sort().map((name) => ({ file: `spec/${name}`, text: readFileSync(join(root, "spec", name), "utf8") })),
  );
}
