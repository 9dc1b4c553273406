// What `motet` does with its arguments: finds the verb, reads its options, turns errors into exit codes. Knows no process but
// its output.

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { askVerb } from "./ask-verb.js";
import { broadcastVerb } from "./broadcast-verb.js";
import { idVerb } from "./id-verb.js";
import { inspectVerb } from "./inspect-verb.js";
import { locateVerb } from "./locate-verb.js";
import { lookupVerb } from "./lookup-verb.js";
import { nodeVerb } from "./node-verb.js";
import { peersVerb } from "./peers-verb.js";
import { replayVerb } from "./replay-verb.js";
import { ringVerb } from "./ring-verb.js";
import { tableVerb } from "./table-verb.js";
import { tellVerb } from "./tell-verb.js";
import { ExitCode, printData, reportError, UsageError } from "./usage.js";
import type { OptionValues, Verb } from "./verb.js";

const verbs: readonly Verb[] = [
  nodeVerb,
  broadcastVerb,
  tellVerb,
  askVerb,
  peersVerb,
  locateVerb,
  ringVerb,
  lookupVerb,
  tableVerb,
  idVerb,
  inspectVerb,
  replayVerb,
];

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

function overview(): string {
  const list = columns(verbs.map(({ name, summary }) => [name, summary]));
  return `usage: motet VERB [options]\n\n${list}\n\nmotet VERB --help says more, motet --version which this is. Exit codes: 0 done, 1 failed, 2 usage, 3 network, 130 interrupted.`;
}

function helpOf({ name, forms, help, summary, notes = [] }: Verb): string {
  const usage = forms.map((form) => `usage: motet ${name} ${form}`).join("\n");
  const options = columns([...help, ["--help", "this text"]]);
  return [usage, summary, options, ...(notes.length === 0 ? [] : [notes.join("\n")])].join("\n\n");
}

async function version(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Options and operands of a verb. @throws {UsageError} */
function parse(verb: Verb, args: string[]): { values: OptionValues; positionals: readonly string[] } {
  const options = { ...verb.options, help: { type: "boolean", short: "h" } } as const;
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // The first sentence says what is wrong; what follows is about ways around it.
    const [what = "the options are not understood"] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${what.replace(/\.$/, "")}; see motet ${verb.name} --help`);
  }
}

async function main(args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) {
    printData(overview());
    return ExitCode.OK;
  }
  if (name === "--version") {
    printData(await version());
    return ExitCode.OK;
  }
  const isHelp = name === "help";
  const wanted = isHelp ? rest[0] : name;
  const verb = verbs.find((candidate) => candidate.name === wanted);
  if (verb === undefined) {
    const what = wanted === undefined ? "no verb was given" : `there is no verb "${wanted}"`;
    throw new UsageError(`${what}; use one of ${verbs.map((candidate) => candidate.name).join(", ")}, or motet --help`);
  }
  const { values, positionals } = isHelp ? { values: { help: true }, positionals: [] } : parse(verb, rest);
  if (values["help"] === true) {
    printData(helpOf(verb));
    return ExitCode.OK;
  }
  return verb.run(values, positionals, signal);
}

/** Runs a command line to its end, and answers the exit code. `signal` aborts when the person wants the program to end. */
export async function runCommandLine(args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  try {
    return await main(args, signal);
  } catch (error) {
    return signal.aborted ? ExitCode.INTERRUPTED : reportError(error);
  }
}
