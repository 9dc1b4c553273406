// A run as a text: JSON lines, the first with the scenario, what it violated and its fingerprint, the others with what happened.
// Whoever has the code can run the scenario again; whoever has only the file can read what happened.

import { misuse } from "../errors/index.js";
import type { Observation } from "./observer.js";
import type { Violation } from "./properties.js";
import type { Scenario } from "./scenario.js";
import { simulate, type SimulateOptions } from "./simulate.js";

const version = 1;

export interface TraceHead {
  readonly trace: "motet";
  readonly version: number;
  readonly scenario: Scenario;
  readonly violations: readonly Violation[];
  /** Fingerprint of all that was delivered, 16 hexadecimal digits. */
  readonly hash: string;
}

export interface Trace {
  readonly head: TraceHead;
  readonly observations: readonly Observation[];
}

/** Runs a scenario and writes down what happens. */
export function traceOf(scenario: Scenario, { hasher }: Pick<SimulateOptions, "hasher">): Trace {
  const observations: Observation[] = [];
  const { violations, hash } = simulate(scenario, { hasher, observer: (seen) => void observations.push(seen) });
  return { head: { trace: "motet", version, scenario, violations, hash }, observations };
}

/** The lines of a trace. */
export function* formatTrace({ head, observations }: Trace): Iterable<string> {
  yield JSON.stringify(head);
  for (const observation of observations) yield JSON.stringify(observation);
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw misuse(`line ${number} of the trace is not JSON; give a file as \`make sim\` writes it`);
  }
}

/** Reads a trace. @throws {ProtocolError} MISUSE */
export function parseTrace(text: string): Trace {
  const [head, ...observations] = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, i) => parseLine(line, i + 1));
  if (!isHead(head)) throw misuse("the first line is no head of a trace; give a file as `make sim` writes it");
  if (head.version !== version)
    throw misuse(`the trace is of version ${head.version}, this program reads ${version}; use the one that wrote it`);
  return { head, observations: observations as Observation[] };
}

function isHead(value: unknown): value is TraceHead {
  if (typeof value !== "object" || value === null) return false;
  const { trace, scenario, hash } = value as Partial<TraceHead>;
  return (
    trace === "motet" &&
    typeof hash === "string" &&
    Number.isInteger(scenario?.seed) &&
    Number.isInteger(scenario?.nodes) &&
    Array.isArray(scenario?.links) &&
    Array.isArray(scenario?.actions) &&
    Array.isArray(scenario?.absent)
  );
}

/** An observation as one line for people. */
export function showObservation(seen: Observation): string {
  const time = `${(seen.atUs / 1e6).toFixed(6).padStart(11)} s`;
  return `${time}  ${wordsOf(seen)}`;
}

function wordsOf(seen: Observation): string {
  switch (seen.type) {
    case "action":
      return `action   ${seen.action}`;
    case "sent":
      return `sent     ${seen.node} → ${seen.to}: ${seen.frames}`;
    case "accepted":
      return `accepted ${seen.node}: ${seen.flood}, ${seen.hops} hops`;
    case "up":
      return `up       ${seen.node}: peer ${seen.peer}`;
    case "down":
      return `down     ${seen.node}: peer ${seen.peer}, ${seen.code} ${seen.text}`.trimEnd();
    case "refused":
      return `refused  ${seen.node}: ${seen.peer < 0 ? "a dial" : seen.peer}, ${seen.code} ${seen.text}`.trimEnd();
    case "dropped":
      return `dropped  ${seen.node}: ${seen.count} broadcasts for ${seen.to.join(", ")}`;
    case "violation":
      return `VIOLATED ${seen.property}: ${seen.detail}`;
    default:
      return seen satisfies never;
  }
}

/** Whether a node or attacker has to do with an observation. */
export function concerns(seen: Observation, node: number): boolean {
  if (seen.type === "action" || seen.type === "violation") return true;
  if (seen.node === node) return true;
  if (seen.type === "sent") return seen.to === node;
  if (seen.type === "dropped") return seen.to.includes(node);
  return "peer" in seen && seen.peer === node;
}
