// motet replay: steps through a simulated run that `make sim` has written down, and runs it again.

import { readFile } from "node:fs/promises";
import { hasher } from "../runtime/index.js";
import { concerns, parseTrace, showObservation, simulate, type Observation, type Trace } from "../sim/index.js";
import { ExitCode, printData, printNote, UsageError } from "./usage.js";
import { textOf, type OptionValues, type Verb } from "./verb.js";

async function readTrace(operands: readonly string[]): Promise<Trace> {
  const [file, ...others] = operands;
  if (file === undefined || others.length > 0) throw new UsageError("one trace is replayed; give one FILE");
  try {
    return parseTrace(await readFile(file, "utf8"));
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new UsageError(`${file} cannot be read: ${error.message}; name a file that \`make sim\` has written`);
  }
}

/** A number of an option. @throws {UsageError} */
function numberOf(values: OptionValues, name: string): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === "" || !(number >= 0))
    throw new UsageError(`--${name} ${text} is no number; see motet replay --help`);
  return number;
}

/** Whether this program goes the way that the trace tells. */
function runAgain({ head, observations }: Trace): string | undefined {
  let seen = 0;
  let differs: Observation | undefined;
  const observer = (observation: Observation): void => {
    if (differs === undefined && JSON.stringify(observation) !== JSON.stringify(observations[seen]))
      differs = observation;
    seen++;
  };
  const { hash } = simulate(head.scenario, { hasher, observer });
  if (hash === head.hash && differs === undefined) return undefined;
  const where = differs === undefined ? "" : `, first at ${showObservation(differs).trim()}`;
  return `run again, it went another way (${hash}, not ${head.hash})${where}; the trace was made with other code, check that out`;
}

export const replayVerb: Verb = {
  name: "replay",
  summary: "step through a simulated run from its trace, and run it again",
  forms: ["FILE"],
  help: [
    ["FILE", "a trace as `make sim` writes it when a property is violated"],
    ["--until SECONDS", "only what happened up to this virtual time"],
    ["--node NUMBER", "only what concerns this node or attacker"],
    ["--json", "one JSON object per event on stdout"],
  ],
  notes: ["Exit code 1: run again, the scenario went another way than the trace tells."],
  options: { until: { type: "string" }, node: { type: "string" }, json: { type: "boolean" } },
  async run(values, operands) {
    const trace = await readTrace(operands);
    const untilUs = (numberOf(values, "until") ?? Infinity) * 1e6;
    const node = numberOf(values, "node");
    for (const seen of trace.observations) {
      if (seen.atUs > untilUs || (node !== undefined && !concerns(seen, node))) continue;
      printData(values["json"] === true ? JSON.stringify(seen) : showObservation(seen));
    }
    const difference = runAgain(trace);
    if (difference === undefined) {
      printNote(`motet: run again, it went the same way (${trace.head.hash})`);
      return ExitCode.OK;
    }
    printNote(`motet: ${difference}`);
    return ExitCode.FAILURE;
  },
};
