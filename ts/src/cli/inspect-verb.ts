// motet inspect: explains a captured stretch of the wire.

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { bytesOfHex } from "../runtime/index.js";
import type { Explained } from "./explainer.js";
import { inspectBytes } from "./inspect.js";
import { ExitCode, printData, printNote, UsageError } from "./usage.js";
import { textOf, type Verb } from "./verb.js";

/** Longest input, bytes: some frames of the largest size. */
const longestInput = 64 * 1024 * 1024;

function format({ offset, hex, field, meaning, isDecompressed }: Explained): string {
  const place = isDecompressed === true ? `+${offset}` : `${offset}`;
  return `${place.padStart(6)}  ${hex.padEnd(50)} ${field}: ${meaning}`;
}

function bytesOfText(text: string): Uint8Array {
  return bytesOfHex(text.replaceAll(/[\s:]/g, "").toLowerCase());
}

/** Raw bytes are taken for hexadecimal when they are nothing else: neither a preface nor the header of a frame could be. */
function bytesOfCapture(capture: Uint8Array): Uint8Array {
  const head = Buffer.from(capture.subarray(0, 4096)).toString("latin1");
  if (head === "" || !/^[\s:0-9A-Fa-f]*$/.test(head)) return capture;
  return bytesOfText(Buffer.from(capture).toString("latin1"));
}

async function readCapture(file: string): Promise<Uint8Array> {
  let capture: Uint8Array;
  try {
    capture = file === "-" ? await buffer(process.stdin) : await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}; name a file of captured bytes`);
  }
  if (capture.length > longestInput) throw new UsageError(`${file} has more than ${longestInput} bytes; cut it`);
  return bytesOfCapture(capture);
}

async function bytesOf(file: string | undefined, operands: readonly string[]): Promise<Uint8Array> {
  if (file === undefined && operands.length === 0)
    throw new UsageError("nothing to inspect; give bytes in hexadecimal or --file FILE");
  if (file === undefined) return bytesOfText(operands.join(""));
  if (operands.length > 0) throw new UsageError("there are bytes and --file FILE; give one of them");
  return readCapture(file);
}

export const inspectVerb: Verb = {
  name: "inspect",
  summary: "explain captured bytes field by field",
  forms: ["HEX…", "--file CAPTURE"],
  help: [
    [
      "HEX",
      "a preface and frames, or frames alone, as one direction of a session carries them inside TLS or WebSocket",
    ],
    ["--file CAPTURE", "the same from a file, raw or in hexadecimal; - for stdin"],
    ["--json", "one JSON object per field on stdout"],
  ],
  notes: ["Offsets with + count inside a payload that was decompressed. Exit code 1: the bytes are cut or damaged."],
  options: { file: { type: "string" }, json: { type: "boolean" } },
  async run(values, operands) {
    const { lines, problem } = inspectBytes(await bytesOf(textOf(values, "file"), operands));
    for (const line of lines) printData(values["json"] === true ? JSON.stringify(line) : format(line));
    if (problem === undefined) return ExitCode.OK;
    printNote(`motet: ${problem}`);
    return ExitCode.FAILURE;
  },
};
