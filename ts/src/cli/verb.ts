// What a verb of the command line is.

import type { ParseArgsConfig } from "node:util";
import type { ExitCode } from "./usage.js";

/** Values of options as `parseArgs` gives them. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export interface Verb {
  readonly name: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** Everything behind `motet NAME`, one line per form. */
  readonly forms: readonly string[];
  /** Option by option, in the order in which they are shown. */
  readonly help: readonly (readonly [option: string, meaning: string])[];
  /** Lines below the options. */
  readonly notes?: readonly string[];
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** `signal` aborts when the person wants the program to end. */
  run(values: OptionValues, operands: readonly string[], signal: AbortSignal): Promise<ExitCode>;
}

/** The values of an option that may be given several times. */
export function listOf(values: OptionValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];
}

/** The value of an option that takes a text. */
export function textOf(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
