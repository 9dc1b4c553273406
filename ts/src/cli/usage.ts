// How the command line fails and what it prints where: data on stdout, everything else on stderr.

import { ProtocolError } from "../errors/index.js";

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

/** The exit code of an error, after it was told. */
export function reportError(error: unknown): ExitCode {
  if (error instanceof UsageError || isParseArgsError(error)) {
    printNote(`motet: ${(error as Error).message}`);
    return ExitCode.USAGE;
  }
  if (error instanceof ProtocolError) {
    printNote(`motet: ${error.message}`);
    if (error.code === "MISUSE" || error.code === "BAD_TEXT" || error.code === "BAD_KEY") return ExitCode.USAGE;
    return networkCodes.has(error.code) || error.origin === "transport" ? ExitCode.NETWORK : ExitCode.FAILURE;
  }
  printNote(
    `motet: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}; this is a defect, please report it`,
  );
  return ExitCode.FAILURE;
}

function isParseArgsError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");
}
