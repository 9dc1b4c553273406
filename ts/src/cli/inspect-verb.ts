// motet inspect: explains a captured stretch of the wire.

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { bytesOfHex } from "../runtime/index.js";
import { inspectBytes, type Explained } from "./inspect.js";
import { ExitCode, printData, printNote, UsageError } from "./usage.js";
import { textOf, type Verb } from "./verb.js";

/** Longest input, bytes: some frames of the largest size. */
const longestInput = 64 * 1024 * 1024;

function format({ offset, hex, field, meaning }: Explained): string {
  return `${String(offset).padStart(6)}  ${hex.padEnd(50)} ${field}: ${meaning}`;
}

async function bytesOf(file: string | undefined, operands: readonly string[]): Promise<Uint8Array> {
  if (file === undefined) {
    if (operands.length === 0) throw new UsageError("nothing to inspect; give bytes in hexadecimal or --file FILE");
    return bytesOfHex(operands.join("").replaceAll(/[\s:]/g, "").toLowerCase());
  }
  if (operands.length > 0) throw new UsageError("give either bytes or --file FILE, not both");
  try {
    const bytes = file === "-" ? await buffer(process.stdin) : await readFile(file);
    if (bytes.length > longestInput) throw new UsageError(`${file} has more than ${longestInput} bytes; cut it`);
    return bytes;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}; name a file of captured bytes`);
  }
}

export const inspectVerb: Verb = {
  name: "inspect",
  summary: "explain captured bytes field by field",
  forms: ["HEX…", "--file FILE"],
  help: [
    ["HEX", "a preface and frames, or frames alone, as one direction of a session carries them"],
    ["--file FILE", "the same as raw bytes in a file; - for stdin"],
    ["--json", "one JSON object per field on stdout"],
  ],
  options: { file: { type: "string" }, json: { type: "boolean" } },
  async run(values, operands) {
    const { lines, error } = inspectBytes(await bytesOf(textOf(values, "file"), operands));
    for (const line of lines) printData(values["json"] === true ? JSON.stringify(line) : format(line));
    if (error === undefined) return ExitCode.OK;
    printNote(`motet: ${error.message}`);
    return ExitCode.FAILURE;
  },
};
