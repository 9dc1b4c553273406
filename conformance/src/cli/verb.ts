// What a verb of the command is, and how wrong usage is said.
import { parseArgs, type ParseArgsConfig } from "node:util";

export interface Verb {
  readonly name: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** Text of --help. */
  readonly usage: string;
  /** Gives the exit code. */
  readonly run: (args: readonly string[]) => Promise<number> | number;
}

/** Exit codes, stable from the first version. */
export const EXIT = { asDeclared: 0, unexpected: 1, usage: 2, noTestee: 3, harness: 4, budget: 5 } as const;

/** Wrong usage: one line that ends with a next step. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** parseArgs with wrong usage as UsageError. */
export function parseWords<T extends ParseArgsConfig>(verb: string, config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [line = ""] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${line}. Next step: motet-conformance ${verb} --help`);
  }
}

/** A whole number of an option, at least `min`. */
export function wholeNumber(name: string, text: string | undefined, min = 0): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < min)
    throw new UsageError(`--${name} is a whole number of at least ${min}, not ${text}`);
  return value;
}

/** A number of an option above 0. */
export function positiveNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new UsageError(`--${name} is a number above 0, not ${text}`);
  return value;
}
