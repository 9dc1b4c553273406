// What a verb sends: a text on the command line, or the bytes of a file.

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { UsageError } from "./usage.js";
import { textOf, type OptionValues, type Verb } from "./verb.js";

export const payloadOptions = {
  file: { type: "string" },
  compress: { type: "boolean" },
} as const satisfies Verb["options"];

export const payloadHelp: Verb["help"] = [
  ["--file FILE", "send the bytes of a file in place of TEXT; - for stdin"],
  ["--compress", "compress it where that gains something; never for secrets beside text that others choose"],
];

/** The bytes to send: of the one operand that is left, or of `--file`. @throws {UsageError} */
export async function payloadOf(values: OptionValues, verb: string, rest: readonly string[]): Promise<Uint8Array> {
  const file = textOf(values, "file");
  const [text] = rest;
  if (rest.length > 1 || (text === undefined) === (file === undefined))
    throw new UsageError(`give one TEXT, in quotes, or --file FILE; see motet ${verb} --help`);
  if (file === undefined) return Buffer.from(text ?? "");
  try {
    return file === "-" ? await buffer(process.stdin) : await readFile(file);
  } catch (error) {
    throw new UsageError(`--file ${file} cannot be read: ${(error as Error).message}; name a file to send`);
  }
}
