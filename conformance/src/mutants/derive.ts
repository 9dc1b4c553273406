// Derives the mutants of a compiled program: one for each tag, named after its rule and counted through all files.
import type { Comment } from "acorn";
import type { Finding } from "../spec/finding.js";
import { type Edit, applyEdit, editFor } from "./operators.js";
import { type Syntax, nodeAfter, parseSource } from "./syntax.js";
import { type Tag, parseTag } from "./tag.js";

export interface SourceFile {
  readonly file: string;
  readonly source: string;
}

export interface Mutant {
  /** Rule and ordinal: "frame.length.limit#1". */
  readonly id: string;
  readonly rule: string;
  readonly file: string;
  /** Line of the tag, from 1. */
  readonly line: number;
  /** What was changed, on one line: "if (a > b) → false". */
  readonly change: string;
  readonly source: string;
}

export interface Derived {
  readonly mutants: readonly Mutant[];
  /** Rules with any tag at all, `also` included. */
  readonly tagged: ReadonlySet<string>;
  readonly problems: readonly Finding[];
}

interface PlacedTag extends Tag {
  readonly file: string;
  readonly line: number;
  readonly end: number;
}

const next = "mend the tag in the TypeScript source of this file";
const lineOf = (comment: Comment): number => comment.loc?.start.line ?? 0;

function isAloneOnLine(source: string, comment: Comment): boolean {
  return source.slice(source.lastIndexOf("\n", comment.start - 1) + 1, comment.start).trim() === "";
}

function tagsOf(file: string, syntax: Syntax, problems: Finding[]): PlacedTag[] {
  return syntax.comments.flatMap((comment) => {
    const tag = comment.type === "Line" ? parseTag(comment.value) : undefined;
    if (!tag) return [];
    const line = lineOf(comment);
    if ("bad" in tag) problems.push({ file, line, what: tag.bad, next });
    else if (isAloneOnLine(syntax.source, comment)) return [{ ...tag, file, line, end: comment.end }];
    else problems.push({ file, line, what: `the tag r[${tag.rule}] stands behind code`, next });
    return [];
  });
}

const oneLine = (code: string): string => code.replace(/\s+/g, " ").trim().slice(0, 80);

function describe(source: string, edit: Edit): string {
  const before = oneLine(source.slice(edit.start, edit.end));
  return before === "" ? `${oneLine(edit.text)} inserted` : `${before} → ${oneLine(edit.text) || "nothing"}`;
}

function isModule(source: string): boolean {
  try {
    parseSource(source);
    return true;
  } catch {
    return false;
  }
}

/** The mutant of a tag, without its id, or what is wrong with the tag. */
function mutate(syntax: Syntax, tag: PlacedTag): Omit<Mutant, "id"> | string {
  const node = nodeAfter(syntax, tag.end);
  if (!node) return `the tag r[${tag.rule}] has nothing after it`;
  const edit = editFor(syntax, node, tag.mode);
  if (typeof edit === "string") return `r[${tag.rule}]: ${edit}`;
  const source = applyEdit(syntax.source, edit);
  if (!isModule(source)) return `r[${tag.rule}]: the change "${describe(syntax.source, edit)}" leaves no valid program`;
  const { rule, file, line } = tag;
  return { rule, file, line, change: describe(syntax.source, edit), source };
}

/** Files are taken in the order of their names, so that ordinals do not depend on how they were found. */
export function deriveMutants(files: readonly SourceFile[]): Derived {
  const problems: Finding[] = [];
  const mutants: Mutant[] = [];
  const tagged = new Set<string>();
  const ordinals = new Map<string, number>();
  for (const { file, source } of files.toSorted((a, b) => (a.file < b.file ? -1 : 1))) {
    if (!source.includes("r[")) continue;
    const syntax = parseSource(source);
    for (const tag of tagsOf(file, syntax, problems)) {
      tagged.add(tag.rule);
      if (tag.mode.kind === "also") continue;
      const mutant = mutate(syntax, tag);
      if (typeof mutant === "string") {
        problems.push({ file, line: tag.line, what: mutant, next });
        continue;
      }
      const ordinal = (ordinals.get(tag.rule) ?? 0) + 1;
      ordinals.set(tag.rule, ordinal);
      mutants.push({ id: `${tag.rule}#${ordinal}`, ...mutant });
    }
  }
  return { mutants, tagged, problems };
}
