// Cuts a chapter of the specification into blocks with their line numbers: headings, paragraphs, tables, fences, markers.
// Knows just enough Markdown for that; knows nothing of rules.

type BlockKind = "heading" | "paragraph" | "table" | "fence" | "comment";

export interface Block {
  readonly kind: BlockKind;
  /** Number of the first line, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
  /** Number of the section that the block stands in ("2.2"), or its title where it has none ("Rationale"). */
  readonly section: string;
}

const listItem = /^\d+\. /;

function kindOf(line: string): BlockKind {
  if (line.startsWith("#")) return "heading";
  if (line.startsWith("|")) return "table";
  if (line.startsWith("<!--")) return "comment";
  return "paragraph";
}

function sectionOf(heading: string): string {
  const title = heading.replace(/^#+\s*/, "");
  return /^\d+(?:\.\d+)*(?= )/.exec(title)?.[0] ?? title;
}

/** Index of the line after the block that starts at `start`. */
function endOfBlock(lines: readonly string[], start: number, kind: BlockKind): number {
  let end = start + 1;
  if (kind === "heading" || kind === "comment") return end;
  while (end < lines.length) {
    const line = lines[end] ?? "";
    if (line.trim() === "" || line.startsWith("```") || kindOf(line) !== kind) break;
    if (kind === "paragraph" && listItem.test(line)) break;
    end++;
  }
  return end;
}

function endOfFence(lines: readonly string[], start: number): number {
  let end = start + 1;
  while (end < lines.length && !lines[end]?.startsWith("```")) end++;
  return Math.min(end + 1, lines.length);
}

/** The blocks of one Markdown text, in order. */
export function blocksOf(text: string): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  let section = "";
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at++;
      continue;
    }
    const fence = line.startsWith("```");
    const kind = fence ? "fence" : kindOf(line);
    if (kind === "heading") section = sectionOf(line);
    const end = fence ? endOfFence(lines, at) : endOfBlock(lines, at, kind);
    blocks.push({ kind, line: at + 1, lines: lines.slice(at, end), section });
    at = end;
  }
  return blocks;
}
