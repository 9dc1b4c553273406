// Runs buf: the descriptors of proto/ as JSON, and the TypeScript that protoc-gen-es makes of them.
// Everything else in this folder works on what these functions return and starts no process.
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

const launcher = "node_modules/@bufbuild/buf/bin/buf";
const cache = "node_modules/.cache";

/** Descriptors of all files, as buf prints them: FileDescriptorSet in JSON. */
export function readDescriptors(root) {
  return JSON.parse(runBuf(root, ["build", "proto", "-o", "-#format=json"]));
}

/** Generated files as `path in the repository → text`, made beside the tree so that a check writes nothing into it. */
export function generateCode(root) {
  mkdirSync(path.join(root, cache), { recursive: true });
  const directory = mkdtempSync(path.join(root, cache, "generate-"));
  try {
    runBuf(root, ["generate", "-o", directory]);
    const names = readdirSync(directory, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    return new Map(files.sort().map((file) => [posixRelative(directory, file), readFileSync(file, "utf8")]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function runBuf(root, parameters) {
  // A cache of its own: buf wants one even offline, and HOME may be missing or read-only.
  const env = { ...process.env, BUF_CACHE_DIR: path.join(root, cache, "buf") };
  const options = { cwd: root, env, encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] };
  return execFileSync(process.execPath, [launcher, ...parameters], options);
}

function posixRelative(from, to) {
  return path.relative(from, to).split(path.sep).join("/");
}
