// Options of `run`, read and checked.
import { splitCommand, type Hello } from "../link/index.js";
import type { Tier } from "../case/index.js";
import { schemes, type Scheme } from "../node/index.js";
import type { Selection } from "../run/index.js";
import { parseWords, positiveNumber, UsageError, wholeNumber } from "./verb.js";

export const formats = ["text", "json", "junit", "tap"] as const;
export type Format = (typeof formats)[number];

export interface ReportTarget {
  readonly format: Format;
  /** Undefined for stdout. */
  readonly file?: string;
}

export interface RunArguments {
  readonly testee: string;
  readonly command: readonly string[];
  /** What carries the connections of scenarios that do not say. */
  readonly transport: Scheme;
  readonly selection: Selection;
  readonly expected?: string;
  readonly shuffle?: number;
  readonly repeat: number;
  readonly multiplier: number;
  readonly reports: readonly ReportTarget[];
  readonly nullTestee: boolean;
  readonly jobs?: number;
  readonly budgetMs?: number;
}

export const runUsage = `usage: motet-conformance run --testee "CMD" [options]

Judges the testee that CMD starts (link/1, see LINK.md). CMD is split into words; no shell is involved.

  --testee "CMD"          program and arguments of the testee
  --tier codec|node       one tier only
  --transport NAME        what carries connections: tcp (default), tls, ws or wss; with another than tcp, scenarios about
                          one of them are left out, unless --case or --rule asks for them
  --case GLOB             cases whose id matches (* and ?); a folder means all below it
  --rule ID               cases that prove this rule
  --expected FILE.yaml    failures that the port knows of
  --shuffle SEED          an order that the seed decides
  --repeat N              every case N times; different verdicts are flaky
  --multiplier N          longer waiting times, for slow machines
  --report FORMAT[=FILE]  text, json, junit or tap; several are allowed, one of them on stdout
  --jobs N                N testees at once, each with a share of the cases
  --budget SECONDS        end the run after this time
  --null                  a testee that is known to be none: 50 ms a step, no second try

Controls of the selected cases run with them. Not applicable cases are counted apart, never as passed.
Exit: 0 as declared, 1 unexpected results, 2 usage or nothing selected, 3 the testee could not start, 4 error of the runner, 5 time budget.
`;

const options = {
  testee: { type: "string" },
  tier: { type: "string" },
  transport: { type: "string" },
  case: { type: "string" },
  rule: { type: "string" },
  expected: { type: "string" },
  shuffle: { type: "string" },
  repeat: { type: "string" },
  multiplier: { type: "string" },
  report: { type: "string", multiple: true },
  jobs: { type: "string" },
  budget: { type: "string" },
  null: { type: "boolean" },
} as const;

/** Program and arguments of --testee. */
export function testeeCommand(verb: string, testee: string | undefined): readonly string[] {
  const next = `Next step: motet-conformance ${verb} --testee "node my-testee.mjs"`;
  if (testee === undefined) throw new UsageError(`--testee "CMD" is missing. ${next}`);
  try {
    const command = splitCommand(testee);
    if (command.length > 0) return command;
  } catch (error) {
    throw new UsageError(`--testee: ${(error as Error).message}. ${next}`);
  }
  throw new UsageError(`--testee is empty. ${next}`);
}

function tierOf(text: string | undefined): Tier | undefined {
  if (text === undefined || text === "codec" || text === "node") return text;
  throw new UsageError(`--tier is codec or node, not ${text}. Next step: motet-conformance run --help`);
}

/** The carrier of --transport. */
export function transportOf(verb: string, text = "tcp"): Scheme {
  const scheme = schemes.find((candidate) => candidate === text);
  if (scheme !== undefined) return scheme;
  const next = `Next step: motet-conformance ${verb} --help`;
  throw new UsageError(`--transport is one of ${schemes.join(", ")}, not ${text}. ${next}`);
}

/** Wrong usage unless the testee's nodes can use the carrier; `tcp` is what all of them have. */
export function checkTransport({ implementation, features }: Hello, transport: Scheme): void {
  if (transport === "tcp" || features.includes(transport)) return;
  const next = "Next step: choose another transport, or declare the feature in hello";
  throw new UsageError(`${implementation.name} does not declare the feature ${transport}. ${next}`);
}

function reportsOf(words: readonly string[]): ReportTarget[] {
  const targets = words.map((word): ReportTarget => {
    const [name = "", ...rest] = word.split("=");
    const format = formats.find((candidate) => candidate === name);
    if (format === undefined)
      throw new UsageError(`--report is one of ${formats.join(", ")}, not ${name}. Next step: --report json=FILE`);
    const file = rest.join("=");
    if (rest.length > 0 && file === "")
      throw new UsageError(`--report ${name}= has no file. Next step: --report ${name}=FILE`);
    return rest.length > 0 ? { format, file } : { format };
  });
  if (targets.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError("only one report can go to stdout. Next step: give the others a file, --report json=FILE");
  }
  // People get their summary unless stdout is taken.
  return targets.some(({ file }) => file === undefined) ? targets : [...targets, { format: "text" }];
}

export function readRunArguments(args: readonly string[]): RunArguments {
  const { values } = parseWords("run", { args: [...args], options, allowPositionals: false });
  const tier = tierOf(values.tier);
  const [shuffle, jobs] = [wholeNumber("shuffle", values.shuffle), wholeNumber("jobs", values.jobs, 1)];
  const budget = positiveNumber("budget", values.budget);
  return {
    testee: values.testee ?? "",
    command: testeeCommand("run", values.testee),
    transport: transportOf("run", values.transport),
    selection: {
      ...(tier === undefined ? {} : { tier }),
      ...(values.case === undefined ? {} : { pattern: values.case }),
      ...(values.rule === undefined ? {} : { rule: values.rule }),
      anyTransport: transportOf("run", values.transport) !== "tcp",
    },
    ...(values.expected === undefined ? {} : { expected: values.expected }),
    ...(shuffle === undefined ? {} : { shuffle }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(budget === undefined ? {} : { budgetMs: budget * 1000 }),
    repeat: wholeNumber("repeat", values.repeat, 1) ?? 1,
    multiplier: positiveNumber("multiplier", values.multiplier) ?? 1,
    reports: reportsOf(values.report ?? []),
    nullTestee: values.null ?? false,
  };
}
