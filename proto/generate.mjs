// Brings everything that is made from proto/motet/v1 up to date: proto/fields.json, ts/src/gen, and the tables of spec/.
// `--check` writes nothing, names each file that is not up to date, and then exits 1.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { generateCode, readDescriptors } from "./generate/buf.mjs";
import { formatFieldsJson } from "./generate/fields-json.mjs";
import { formatMessages } from "./generate/messages-ts.mjs";
import { buildModel } from "./generate/model.mjs";
import { formatRegistry } from "./generate/registry-ts.mjs";
import { fillTables } from "./generate/spec-tables.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const generatedFolder = "ts/src/gen";

/** Every generated file as `path → wanted text`; undefined for one that must go. */
async function wantedFiles() {
  const model = buildModel(readDescriptors(root));
  const code = generateCode(root);
  const files = new Map([
    ["proto/fields.json", formatFieldsJson(model)],
    [`${generatedFolder}/registry.ts`, await formatRegistry(model)],
    ...code,
    [`${generatedFolder}/messages.ts`, formatMessages(code)],
    ...specChapters().map((file) => [file, fillTables(read(file), model, file)]),
  ]);
  for (const file of listFiles(generatedFolder)) if (!files.has(file)) files.set(file, undefined);
  return files;
}

function specChapters() {
  return listFiles("spec").filter((file) => file.endsWith(".md"));
}

function listFiles(folder) {
  const directory = path.join(root, folder);
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}

function read(file) {
  const absolute = path.join(root, file);
  return existsSync(absolute) ? readFileSync(absolute, "utf8") : undefined;
}

function write(file, text) {
  const absolute = path.join(root, file);
  mkdirSync(path.dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
}

const checkOnly = process.argv.includes("--check");
const stale = [...(await wantedFiles())].filter(([file, text]) => read(file) !== text);
for (const [file, text] of stale) {
  if (checkOnly) console.error(`${file} is not up to date: run \`npm run generate\``);
  else if (text === undefined) rmSync(path.join(root, file));
  else write(file, text);
}
if (!checkOnly && stale.length > 0) console.log(`Written: ${stale.map(([file]) => file).join(", ")}`);
process.exitCode = checkOnly && stale.length > 0 ? 1 : 0;
