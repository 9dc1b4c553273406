// Lays out a mutant on disk so that the reference's own adapter runs it: a copy of the adapter beside a `node_modules/motet`
// in which one file differs. What the reference imports from other packages resolves further up, as for the reference itself.
import { cpSync, linkSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Mutant } from "./derive.js";
import { programFolder } from "./program.js";

const adapterFolder = "conformance/ports/typescript";

/** A link where the file system has them: a copy of the whole program for each mutant is slow. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** Takes a snapshot of the compiled reference and its adapter, so that a build during the run changes no mutant. */
export function takeSnapshot(root: string, out: string): string {
  const snapshot = join(out, "snapshot");
  rmSync(out, { recursive: true, force: true });
  const packageFolder = join(snapshot, "node_modules", "motet");
  const isCode = (path: string): boolean => !/\.(?:d\.ts|map|tsbuildinfo)$/.test(path);
  cpSync(join(root, programFolder), join(packageFolder, "dist"), { recursive: true, filter: isCode });
  copyFileSync(join(root, "ts/package.json"), join(packageFolder, "package.json"));
  cpSync(join(root, adapterFolder), snapshot, { recursive: true, filter: (path) => !path.includes("node_modules") });
  return snapshot;
}

function mirrorFolder(from: string, to: string, skip: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (entry.isDirectory()) mirrorFolder(source, join(to, entry.name), skip);
    else if (source !== skip) linkOrCopy(source, join(to, entry.name));
  }
}

/** Makes the folder of one mutant and gives the path of its adapter. The changed file is written anew, never through a link. */
export function layOutMutant(snapshot: string, out: string, mutant: Mutant): string {
  const folder = join(out, mutant.id.replace("#", "-"));
  const changed = join("node_modules", "motet", "dist", relative(programFolder, mutant.file));
  mirrorFolder(snapshot, folder, join(snapshot, changed));
  mkdirSync(dirname(join(folder, changed)), { recursive: true });
  writeFileSync(join(folder, changed), mutant.source);
  return join(folder, "adapter.mjs");
}
