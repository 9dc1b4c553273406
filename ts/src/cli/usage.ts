// How the command line fails and what it prints where: data on stdout, everything else on stderr.

import { ProtocolError } from "../errors/index.js";
import { nextStepOf } from "./next-steps.js";
import { showText } from "./show.js";

export const ExitCode = { OK: 0, FAILURE: 1, USAGE: 2, NETWORK: 3, INTERRUPTED: 130 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command line cannot be understood; the message ends with what to do. */
export class UsageError extends Error {}

/** One line of data. */
export function printData(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line for the person at the terminal. */
export function printNote(line: string): void {
  process.stderr.write(`${line}\n`);
}

const networkCodes = new Set(["UNREACHABLE", "TIMEOUT", "LOST", "TRANSPORT"]);
const usageCodes = new Set(["MISUSE", "BAD_TEXT", "BAD_KEY"]);

/** The exit code of an error, after it was told in one line that ends with what to do. */
export function reportError(error: unknown): ExitCode {
  if (error instanceof UsageError) {
    printNote(`motet: ${error.message}`);
    return ExitCode.USAGE;
  }
  if (error instanceof ProtocolError) {
    // A part of it may be a text of another node.
    const line = showText(error.message.replaceAll(/\s+/g, " "));
    printNote(`motet: ${line.includes("; ") ? line : `${line.replace(/: $/, "")}; ${nextStepOf(error.code)}`}`);
    if (error.origin !== "transport" && usageCodes.has(error.code)) return ExitCode.USAGE;
    return networkCodes.has(error.code) || error.origin === "transport" ? ExitCode.NETWORK : ExitCode.FAILURE;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  printNote(`motet: ${stack}; this is a defect, please report it`);
  return ExitCode.FAILURE;
}
