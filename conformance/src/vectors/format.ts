// The canonical form of a file of vectors: one member of a case a line, values in one line with a space after commas and colons.
import type { Vector, VectorFile } from "./types.js";

const MEMBERS: readonly (keyof Vector)[] = [
  "id",
  "rules",
  "level",
  "since",
  "features",
  "comment",
  "op",
  "in",
  "expect",
  "control",
  "source",
];

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return ascii(JSON.stringify(value));
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${inline(inner)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** Invisible and non-ASCII characters as \\uXXXX, but for the few that comments are written with. */
function ascii(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (character) =>
    "…−≥≤·‖×".includes(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function formatVector(vector: Vector): string {
  const lines = MEMBERS.filter((key) => vector[key] !== undefined).map((key) => `      "${key}": ${inline(vector[key])}`);
  return `    {\n${lines.join(",\n")}\n    }`;
}

/** Text of a file of vectors. */
export function formatVectorFile({ area, title, cases }: Omit<VectorFile, "path">): string {
  const head = `{\n  "area": ${inline(area)},\n  "title": ${inline(title)},\n  "cases": [\n`;
  return `${head}${cases.map(formatVector).join(",\n")}\n  ]\n}\n`;
}
