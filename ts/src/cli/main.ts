// motet: the command line. Finds the verb, reads its options, turns errors into exit codes.

import { parseArgs } from "node:util";
import { broadcastVerb } from "./broadcast-verb.js";
import { idVerb } from "./id-verb.js";
import { inspectVerb } from "./inspect-verb.js";
import { nodeVerb } from "./node-verb.js";
import { ExitCode, printData, reportError, UsageError } from "./usage.js";
import type { OptionValues, Verb } from "./verb.js";

const verbs: readonly Verb[] = [nodeVerb, broadcastVerb, idVerb, inspectVerb];

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

function overview(): string {
  const list = columns(verbs.map(({ name, summary }) => [name, summary]));
  return `usage: motet VERB [options]\n\n${list}\n\nmotet VERB --help says more. Exit codes: 0 done, 1 failed, 2 usage, 3 network, 130 interrupted.`;
}

function helpOf({ name, forms, help, summary }: Verb): string {
  const usage = forms.map((form) => `usage: motet ${name} ${form}`).join("\n");
  return `${usage}\n\n${summary}\n\n${columns([...help, ["--help", "this text"]])}`;
}

async function main(args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") {
    printData(overview());
    return ExitCode.OK;
  }
  const verb = verbs.find((candidate) => candidate.name === name);
  if (verb === undefined) {
    const what = name === undefined ? "no verb was given" : `there is no verb "${name}"`;
    throw new UsageError(`${what}; use one of ${verbs.map((candidate) => candidate.name).join(", ")}, or motet --help`);
  }
  const options = { ...verb.options, help: { type: "boolean", short: "h" } } as const;
  const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true });
  if ((values as OptionValues)["help"] === true) {
    printData(helpOf(verb));
    return ExitCode.OK;
  }
  return verb.run(values, positionals, signal);
}

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interruption.abort());
// A reader that closed its end, such as head, has seen enough.
process.stdout.on("error", () => process.exit(ExitCode.OK));

try {
  process.exitCode = await main(process.argv.slice(2), interruption.signal);
} catch (error) {
  process.exitCode = interruption.signal.aborted ? ExitCode.INTERRUPTED : reportError(error);
}
