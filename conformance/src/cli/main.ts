#!/usr/bin/env node
// The command `motet-conformance`: finds the verb, turns errors into one line and an exit code.
import { CaseFileError } from "../case/index.js";
import { LinkError } from "../link/index.js";
import { ExpectedError, SelectionError } from "../run/index.js";
import { EXIT, UsageError, type Verb } from "./verb.js";
import { verbs } from "./verbs.js";

function help(): string {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  const lines = verbs.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "usage: motet-conformance VERB [options]",
    "",
    "Judges implementations of the Motet protocol from the outside.",
    "",
    ...lines,
    "",
    "motet-conformance VERB --help says more.",
    "",
  ].join("\n");
}

function fail(line: string, exit: number): number {
  process.stderr.write(`motet-conformance: ${line}\n`);
  return exit;
}

function exitOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof SelectionError || error instanceof ExpectedError)
    return fail(error.message, EXIT.usage);
  if (error instanceof LinkError) {
    return fail(
      `the testee could not start: ${error.message}. Next step: motet-conformance doctor --testee "CMD"`,
      EXIT.noTestee,
    );
  }
  if (error instanceof CaseFileError) return fail(error.message, EXIT.harness);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return fail(`error of the runner itself, please report it: ${text}`, EXIT.harness);
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  const verb: Verb | undefined = verbs.find((candidate) => candidate.name === name);
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(help());
    return EXIT.asDeclared;
  }
  if (verb === undefined)
    return fail(
      `${name === undefined ? "a verb is missing" : `there is no verb ${name}`}. Next step: motet-conformance --help`,
      EXIT.usage,
    );
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(verb.usage);
    return EXIT.asDeclared;
  }
  return verb.run(args);
}

// A reader that goes away early, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode);
});

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => process.exit(signal === "SIGINT" ? 130 : 143));

process.exitCode = await main(process.argv.slice(2)).catch(exitOf);
