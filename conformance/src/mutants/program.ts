// The compiled reference as the mutants' raw material: its files, and whether every tag of the source arrived in them.
// `ts/dist` is read as data; the runner never imports it.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import type { Finding } from "../spec/finding.js";
import { type Derived, type SourceFile, deriveMutants } from "./derive.js";

export const programFolder = "ts/dist";
const sourceFolder = "ts/src";

function readFolder(root: string, folder: string, ending: string): SourceFile[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.split(sep).join("/")}`)
    .filter((file) => file.endsWith(ending) && !file.endsWith(`.test${ending}`) && !file.includes("/gen/"))
    .map((file) => ({ file, source: readFileSync(join(root, file), "utf8") }));
}

const compiledName = (source: string): string => source.replace(sourceFolder, programFolder).replace(/\.ts$/, ".js");

const tagLine = /^\s*\/\/ r\[[^\]]*\].*$/gm;

function tagsIn(source: string): string[] {
  return Array.from(source.matchAll(tagLine), (match) => match[0].trim()).toSorted();
}

/** A source whose tags are not those of its compiled form: the build is old, or the compiler dropped a comment. */
export function checkTagsArrived(sources: readonly SourceFile[], compiled: readonly SourceFile[]): Finding[] {
  const byFile = new Map(compiled.map(({ file, source }) => [file, tagsIn(source)]));
  return sources.flatMap(({ file, source }) => {
    const tags = tagsIn(source);
    const arrived = byFile.get(compiledName(file)) ?? [];
    if (tags.join("\n") === arrived.join("\n")) return [];
    const what = `${tags.length} tags, ${arrived.length} of them in the compiled file or others in their place`;
    return [{ file, line: 1, what, next: "build anew (tsc -b); move a tag that the compiler drops to a statement" }];
  });
}

function checkKnown(derived: Derived, known: ReadonlyMap<string, unknown>): Finding[] {
  return [...derived.tagged]
    .filter((rule) => !known.has(rule))
    .map((rule) => ({
      file: sourceFolder,
      line: 1,
      what: `r[${rule}] is tagged and does not exist`,
      next: "mend the tag",
    }));
}

/** What an earlier build left behind is no part of the program any more: nothing imports it, and its mutants would live for ever. */
function withSource(compiled: readonly SourceFile[], sources: readonly SourceFile[]): SourceFile[] {
  const names = new Set(sources.map(({ file }) => compiledName(file)));
  return compiled.filter(({ file }) => names.has(file));
}

/** The mutants of the reference; `problems` has all that is wrong with its tags. */
export function mutantsOfReference(root: string, rules: ReadonlyMap<string, unknown>): Derived {
  const sources = readFolder(root, sourceFolder, ".ts");
  const compiled = withSource(readFolder(root, programFolder, ".js"), sources);
  const derived = deriveMutants(compiled);
  const arrived = checkTagsArrived(sources, compiled);
  return { ...derived, problems: [...derived.problems, ...arrived, ...checkKnown(derived, rules)] };
}
