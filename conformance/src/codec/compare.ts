// Compares and writes JSON values. Order of members does not matter, order of entries does.
import { escapeNonAscii } from "../link/index.js";

/** Deep equality of JSON values. */
export function sameJson(a: unknown, b: unknown): boolean {
  return sortedJson(a) === sortedJson(b);
}

/** JSON with sorted members, in ASCII: a character that cannot be seen must not look like none. */
export function sortedJson(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  return escapeNonAscii(text);
}
