// Writes all that is generated: files of vectors, the lock of their ids, the worked examples in spec/. Or says what is out of date.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { caseFiles, loadScenarios } from "../case/index.js";
import { allVectorFiles } from "./all.js";
import { formatVectorFile } from "./format.js";
import { formatIdLock, LOCK_FILE, readIdLock } from "./lock.js";
import { fillExamples } from "./spec-examples.js";

export interface GeneratedRoots {
  readonly vectors: string;
  /** Left alone when it is not there. */
  readonly spec: string;
  /** Folder of scenarios, which people write; their ids are locked here too. */
  readonly scenarios?: string;
}

/** The lock of a folder with the ids that are there now. Ids that are gone stay: a person decides that they are retired. */
function lockedIds(root: string, ids: readonly string[]): [path: string, text: string] {
  const lock = readIdLock(root);
  return [join(root, LOCK_FILE), formatIdLock({ ...lock, ids: [...new Set([...lock.ids, ...ids])] })];
}

/** Texts of all generated files by path. */
function generatedFiles({ vectors, spec, scenarios }: GeneratedRoots): Map<string, string> {
  const files = new Map<string, string>();
  const made = allVectorFiles();
  for (const file of made) files.set(join(vectors, file.path), formatVectorFile(file));
  files.set(
    ...lockedIds(
      vectors,
      made.flatMap(({ cases }) => cases.map(({ id }) => id)),
    ),
  );
  if (scenarios !== undefined) {
    files.set(
      ...lockedIds(
        scenarios,
        loadScenarios(scenarios).map(({ id }) => id),
      ),
    );
  }
  if (!existsSync(spec)) return files;
  for (const name of readdirSync(spec).filter((one) => /^\d\d-.*\.md$/.test(one))) {
    const path = join(spec, name);
    files.set(path, fillExamples(readFileSync(path, "utf8")));
  }
  return files;
}

/** Paths of files of vectors that no generator makes. */
function strangers(vectors: string, files: ReadonlyMap<string, string>): string[] {
  return caseFiles(vectors)
    .map((path) => join(vectors, path))
    .filter((path) => !files.has(path) && !handWritten(path));
}

/** Files that people write stand beside the generated ones, in folders of their own. */
const handWritten = (path: string): boolean => path.includes("/by-hand/");

function changedPaths({ vectors }: GeneratedRoots, files: ReadonlyMap<string, string>): string[] {
  const stale = [...files].filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text);
  return [...stale.map(([path]) => path), ...strangers(vectors, files)];
}

/** Paths that differ from what would be generated. */
export function outOfDate(roots: GeneratedRoots): string[] {
  return changedPaths(roots, generatedFiles(roots));
}

/** Brings everything up to date; gives the paths that changed. */
export function generate(roots: GeneratedRoots): string[] {
  const files = generatedFiles(roots);
  const changed = changedPaths(roots, files);
  for (const path of changed) {
    const text = files.get(path);
    mkdirSync(dirname(path), { recursive: true });
    if (text === undefined) rmSync(path);
    else writeFileSync(path, text);
  }
  return changed;
}
