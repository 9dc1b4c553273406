// Annotations as text: offset, hex, meaning, one line a field; long hex goes on in further lines.
import { toHex } from "../golden/index.js";
import type { Annotation } from "./annotate.js";

const WIDTH = 32;

function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += WIDTH) lines.push(toHex(bytes.slice(at, at + WIDTH)));
  return lines.length === 0 ? [""] : lines;
}

/** Lines of a table. `mark` is the offset of a byte that is pointed at. */
export function annotationLines(annotations: readonly Annotation[], mark?: number): string[] {
  const longest = Math.max(...annotations.map(({ bytes }) => Math.min(bytes.length, WIDTH) * 2), 2);
  return annotations.flatMap(({ at, bytes, meaning }) =>
    hexLines(bytes).flatMap((hex, index) => {
      const start = at + index * WIDTH;
      const line = `${start.toString().padStart(5)}  ${hex.padEnd(longest)}  ${index === 0 ? meaning : ""}`.trimEnd();
      const inside = mark !== undefined && mark >= start && mark < start + hex.length / 2;
      return inside ? [line, `${" ".repeat(7 + (mark - start) * 2)}^^ byte ${mark}`] : [line];
    }),
  );
}
