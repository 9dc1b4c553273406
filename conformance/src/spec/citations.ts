// Finds where rules are cited: `r[id]` in texts and in comments of sources, `"rules"` in vectors and scenarios.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import type { Finding } from "./finding.js";

export interface Citation {
  readonly id: string;
  readonly file: string;
  readonly line: number;
}

/** Where citations are looked for: generated code repeats the comments of proto/ and is left out. */
const places = ["spec", "proto/motet", "ts/src", "vectors", "conformance/scenarios", "conformance/ports"];
const singles = ["conformance/LINK.md", "conformance/unobservable.json"];
const skipped = new Set(["node_modules", "dist", "gen", "__pycache__", "schema"]);

const inText = /(?<![\w\])])r\[([^\]\s]*)\]/g;
const inComment = /(?:\/\/|^\s*\*|\/\*|#).*$/;

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** In code only comments cite: `r[i]` may be an array. */
function citationsInLines(file: string, text: string): Citation[] {
  const code = [".ts", ".mjs", ".js", ".py", ".proto"].includes(extname(file));
  return text.split("\n").flatMap((line, index) => {
    const part = code ? (inComment.exec(line)?.[0] ?? "") : line;
    return Array.from(part.matchAll(inText), (match) => ({ id: match[1] ?? "", file, line: index + 1 }));
  });
}

function citationsInJson(file: string, text: string): Citation[] {
  const lists = text.matchAll(/"rules"\s*:\s*\[([^\]]*)\]/g);
  return Array.from(lists).flatMap((list) => {
    const line = lineOf(text, list.index);
    return Array.from((list[1] ?? "").matchAll(/"([^"]*)"/g), (item) => ({ id: item[1] ?? "", file, line }));
  });
}

export function citationsIn(file: string, text: string): Citation[] {
  return file.endsWith(".json") ? citationsInJson(file, text) : citationsInLines(file, text);
}

function filesUnder(root: string, place: string): string[] {
  if (!existsSync(join(root, place))) return [];
  return readdirSync(join(root, place), { withFileTypes: true }).flatMap((entry) => {
    const path = `${place}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesUnder(root, path);
    return /\.(md|proto|ts|mjs|js|py|json)$/.test(entry.name) ? [path] : [];
  });
}

export function readCitations(root: string): Citation[] {
  const files = [...places.flatMap((place) => filesUnder(root, place)), ...singles];
  return files
    .filter((file) => file !== "spec/rules.lock.json" && existsSync(join(root, file)))
    .flatMap((file) => citationsIn(file, readFileSync(join(root, file), "utf8")));
}

/** `record.*` cites all rules whose ids begin so. */
function exists(id: string, known: ReadonlyMap<string, unknown>): boolean {
  if (!id.endsWith(".*")) return known.has(id);
  return [...known.keys()].some((each) => each.startsWith(id.slice(0, -1)));
}

export function checkCitations(citations: Iterable<Citation>, known: ReadonlyMap<string, unknown>): Finding[] {
  return Array.from(citations)
    .filter(({ id }) => !exists(id, known))
    .map(({ id, file, line }) => ({
      file,
      line,
      what: `r[${id}] is cited and does not exist`,
      next: "cite a rule of spec/",
    }));
}
