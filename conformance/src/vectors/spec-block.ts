// Pieces of the worked examples in spec/: bytes explained, tables of facts, names of vectors.
import { annotationLines, type Annotation } from "../annotate/index.js";

export type Facts = readonly (readonly [name: string, value: string])[];

/** Bytes explained, under a line that says what they are. */
export function block(annotations: readonly Annotation[], mark: string): string {
  return [mark, "", "```", ...annotationLines(annotations), "```"].join("\n");
}

export function facts(rows: Facts): string {
  return ["| | |", "|---|---|", ...rows.map(([name, value]) => `| ${name} | \`${value}\` |`)].join("\n");
}

/** The line above the bytes of a vector. */
export const vector = (id: string): string => `Vector \`codec/${id}\`: offset, bytes, meaning.`;
