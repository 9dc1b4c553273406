// ids.lock.json of vectors and of scenarios: every id that was ever given out. One whose case is gone must be listed as retired, and is never used again.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface IdLock {
  readonly ids: readonly string[];
  readonly retired: readonly string[];
}

export const LOCK_FILE = "ids.lock.json";

export function readIdLock(root: string): IdLock {
  const path = join(root, LOCK_FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as IdLock) : { ids: [], retired: [] };
}

export function formatIdLock({ ids, retired }: IdLock): string {
  const list = (items: readonly string[]): string =>
    items.length === 0 ? "[]" : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`;
  return `{\n  "ids": ${list(ids.toSorted())},\n  "retired": ${list(retired.toSorted())}\n}\n`;
}

/** What is wrong with the ids against the lock. */
export function lockFindings(ids: readonly string[], lock: IdLock): string[] {
  const present = new Set(ids);
  const locked = new Set(lock.ids);
  const retired = new Set(lock.retired);
  return [
    ...lock.ids.filter((id) => !present.has(id)).map((id) => `${id} is gone; put it back, or move it to "retired" in ${LOCK_FILE}`),
    ...ids.filter((id) => retired.has(id)).map((id) => `${id} was retired; give the case a new id`),
    ...ids.filter((id) => !locked.has(id)).map((id) => `${id} is not locked; run vectors generate`),
  ];
}
