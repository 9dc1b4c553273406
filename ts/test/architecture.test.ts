// Rules of structure that neither the compiler nor the linter states: they concern the tree as a whole. Which folder may
// import which is the table ts/layers.json; the linter reports it while you type, and here it holds without exceptions.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import layers from "../layers.json" with { type: "json" };

const source = fileURLToPath(new URL("../src", import.meta.url));

interface Module {
  /** Path below ts/src, with slashes. */
  readonly file: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const modules = readModules().filter((module) => module.folder !== "gen");

describe("imports", () => {
  test("a folder imports only from folders above it, through their index", () => {
    expect(violations((module, specifier) => !mayImport(module, specifier))).toEqual([]);
  });

  test("pure folders and the browser's entry know nothing of Node", () => {
    const pure = (module: Module) => !isNodeFolder(module.folder) && module.file !== "index.ts";
    const fromNode = (specifier: string) => specifier.startsWith("node:") || isNodeFolder(folderOf(specifier));
    expect(violations((module, specifier) => pure(module) && fromNode(specifier))).toEqual([]);
  });

  test("the Protobuf runtime stays in gen and codec", () => {
    const outside = (module: Module) => !layers.protobuf.includes(module.folder);
    expect(violations((module, specifier) => outside(module) && specifier.startsWith("@bufbuild/"))).toEqual([]);
  });

  test("one file knows fflate", () => {
    const users = modules.filter((module) => module.imports.includes("fflate"));
    expect(users.length, users.map((module) => module.file).join(", ")).toBeLessThanOrEqual(1);
  });

  test("what is imported from npm is a dependency of the package", () => {
    const manifest = JSON.parse(readFileSync(path.join(source, "../package.json"), "utf8"));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    expect(violations((_, specifier) => isPackage(specifier) && !declared.includes(packageOf(specifier)))).toEqual([]);
  });
});

describe("files", () => {
  test("every folder is one of the table, with an index", () => {
    const names = [...new Set(modules.map((module) => module.folder))].filter((name) => name !== "");
    expect(names.filter((name) => !layers.folders.includes(name))).toEqual([]);
    const withoutIndex = names.filter((name) => !existsSync(path.join(source, name, "index.ts")));
    // The command line is an entry point, nobody imports it.
    expect(withoutIndex.filter((name) => name !== "cli")).toEqual([]);
  });

  test("ports are types: nothing of them runs", () => {
    const ports = modules.filter((module) => module.folder === "ports");
    const running = /^export (?!type|interface|\* from|\{)|^import (?!type)/m;
    expect(ports.filter((module) => running.test(module.text)).map((module) => module.file)).toEqual([]);
  });

  test("private members are #private", () => {
    const keyword = /^\s+(?:private(?!\sconstructor)|protected)\s/m;
    expect(modules.filter((module) => keyword.test(module.text)).map((module) => module.file)).toEqual([]);
  });

  test("every file says in its header what it is for", () => {
    // An index is a list of exports and needs none.
    const spoken = modules.filter((module) => !module.file.endsWith("/index.ts"));
    const silent = spoken.filter((module) => !/^(?:#!.*\n)?\/[/*]/.test(module.text));
    expect(silent.map((module) => module.file)).toEqual([]);
  });
});

function readModules(): Module[] {
  const entries = readdirSync(source, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name));
  return files.map((entry) => {
    const absolute = path.join(entry.parentPath, entry.name);
    const file = path.relative(source, absolute).split(path.sep).join("/");
    const text = readFileSync(absolute, "utf8");
    const folder = file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
    return { file, folder, text, imports: importsOf(text).map((specifier) => fromSource(file, specifier)) };
  });
}

/** Static imports, re-exports, `import()` and the `import("…")` of types. */
function importsOf(text: string): string[] {
  const pattern = /^(?:import|export)\s(?:[^"';]*?\sfrom\s*)?"([^"]+)"|\bimport\("([^"]+)"\)/gm;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? "");
}

/** A relative specifier as `/folder/file.js` below ts/src; others as they are. */
function fromSource(file: string, specifier: string): string {
  return specifier.startsWith(".") ? path.posix.join("/", path.posix.dirname(file), specifier) : specifier;
}

function violations(isViolation: (module: Module, specifier: string) => boolean): string[] {
  return modules.flatMap((module) => {
    const wrong = module.imports.filter((specifier) => isViolation(module, specifier));
    return wrong.map((specifier) => `${module.file} imports ${specifier}`);
  });
}

function mayImport(module: Module, specifier: string): boolean {
  const folder = folderOf(specifier);
  // Entry points at the top of ts/src compose folders; packages are the other tests' matter.
  if (!specifier.startsWith("/") || folder === module.folder) return true;
  // The generated code has two doors: the registry is plain data, the messages load the Protobuf runtime.
  if (specifier === "/gen/registry.js") return true;
  if (specifier === "/gen/messages.js") return layers.protobuf.includes(module.folder);
  if (specifier !== `/${folder}/index.js`) return false;
  return module.folder === "" || (isAbove(folder, module.folder) && !areApart(folder, module.folder));
}

function isAbove(folder: string, other: string): boolean {
  const at = layers.folders.indexOf(folder);
  return at !== -1 && at < layers.folders.indexOf(other);
}

function areApart(folder: string, other: string): boolean {
  return layers.apart.includes(folder) && layers.apart.includes(other);
}

function isNodeFolder(folder: string): boolean {
  return layers.node.includes(folder);
}

/** Folder of a specifier that `fromSource` made absolute; empty for others. */
function folderOf(specifier: string): string {
  return specifier.startsWith("/") ? (specifier.split("/")[1] ?? "") : "";
}

function isPackage(specifier: string): boolean {
  return !specifier.startsWith("/") && !specifier.startsWith("node:");
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
