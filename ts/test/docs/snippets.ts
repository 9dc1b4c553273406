// Blocks of TypeScript in a text, compiled and run as somebody would who has installed the package.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Contents of the fenced blocks of a language; "" for those without one. */
export function blocksOf(markdown: string, language: string): readonly string[] {
  const fences = markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...fences].filter(([, named]) => named === language).map(([, , block = ""]) => block);
}

/** What comments promise, line by line. */
export function promisedBy(blocks: readonly string[]): readonly string[] {
  return [...blocks.join("").matchAll(/\/\/ prints: (.*)$/gm)].map(([, line = ""]) => line);
}

/** Blocks, one behind the other, as one program. */
export class Snippets {
  readonly #folder: string;

  /** Below node_modules, so that `motet` is found as in any project that has installed it. */
  constructor(name: string, blocks: readonly string[]) {
    this.#folder = path.join(root, "node_modules/.cache", name);
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
    // What the guide says that TypeScript needs, at its strictest; and older than `await using`.
    const strict = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true };
    const compilerOptions = {
      module: "nodenext",
      target: "es2022",
      lib: ["es2023", "esnext.disposable"],
      types: ["node"],
    };
    this.#write("package.json", JSON.stringify({ type: "module" }));
    this.#write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...strict }, files: ["program.ts"] }),
    );
    this.#write("program.ts", blocks.join("\n"));
  }

  #write(name: string, text: string): void {
    writeFileSync(path.join(this.#folder, name), text);
  }

  /** Compiles and runs the program to its end; answers the lines that it prints. */
  run(): readonly string[] {
    const settings = { cwd: this.#folder, encoding: "utf8", timeout: 50_000 } as const;
    execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "."], settings);
    return execFileSync(process.execPath, ["program.js"], settings).trimEnd().split("\n");
  }
}
