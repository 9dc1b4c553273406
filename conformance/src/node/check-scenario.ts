// Checks a scenario against schema/scenario.schema.json, and what a schema cannot say: names that no step has made.
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { SequenceSpec } from "./scenario-messaging.js";
import type { Scenario, Step } from "./scenario.js";

let compiled: ValidateFunction<Scenario> | undefined;

function compile(): ValidateFunction<Scenario> {
  const path = new URL("../../schema/scenario.schema.json", import.meta.url);
  const schema = JSON.parse(readFileSync(path, "utf8")) as object;
  return new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, discriminator: true }).compile<Scenario>(
    schema,
  );
}

/** A scenario that can be run, or one line for each of its faults. */
export function checkScenario(raw: unknown): { scenario: Scenario } | { faults: readonly string[] } {
  compiled ??= compile();
  if (compiled(raw)) {
    const faults = unknownNames(raw.steps);
    return faults.length > 0 ? { faults } : { scenario: raw };
  }
  return {
    faults: (compiled.errors ?? []).map(
      (error) => `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`,
    ),
  };
}

interface Names {
  readonly peers: Set<string>;
  readonly messages: Set<string>;
}

/** Peers and messages that a step uses before one has made them. */
export function unknownNames(
  steps: readonly Step[],
  names: Names = { peers: new Set(), messages: new Set() },
): string[] {
  return steps.flatMap((step) => {
    if ("steps" in step) return unknownNames(step.steps, names);
    const faults = [
      ...missing("peer", peersUsed(step), names.peers),
      ...missing("message", messagesUsed(step), names.messages),
    ];
    if (step.do === "connect" || step.do === "accept" || step.do === "resumeTls") names.peers.add(step.peer);
    if (step.do === "acceptAt") names.peers.add(step.peer);
    if (step.do === "peers") for (const name of step.peers) names.peers.add(name);
    if (step.do === "make" || step.do === "broadcast") names.messages.add(step.message);
    return faults;
  });
}

function missing(kind: string, used: readonly (string | undefined)[], made: ReadonlySet<string>): string[] {
  const lost = used.filter((name) => name !== undefined && !made.has(name));
  return lost.map((name) => `no step before makes the ${kind} ${String(name)}`);
}

/** Steps that use no peer, or make the one that they name. */
const withoutPeer: ReadonlySet<Step["do"]> = new Set<Step["do"]>([
  "acceptAt",
  "expectRecord",
  "expectTold",
  "expectCommanded",
  "expectOutcome",
  "connect",
  "accept",
  "tap",
  "expectTapped",
  "peers",
  "expectEvent",
  "expectNoEvent",
  "snapshot",
  "make",
]);

function peersUsed(step: Step): readonly (string | undefined)[] {
  if (step.do === "resumeTls") return [step.of];
  if (withoutPeer.has(step.do)) return [];
  const {
    peer,
    peers = [],
    from,
    after,
    watch = [],
    stalled,
  } = step as Partial<Record<string, string>> & {
    readonly peers?: readonly string[];
    readonly watch?: readonly string[];
  };
  return [peer, ...peers, from, after, stalled, ...watch.filter((name) => name !== "app")];
}

function ofName(sequence: string | SequenceSpec | undefined): string | undefined {
  return typeof sequence === "object" && "of" in sequence ? sequence.of : undefined;
}

function messagesUsed(step: Step): readonly (string | undefined)[] {
  if (step.do === "make") {
    const of = typeof step.sequence === "object" ? step.sequence.of : undefined;
    return [step.like, of];
  }
  if (step.do === "broadcast") return [ofName(step.sequence)];
  if (step.do === "expectStale") return [ofName(step.highest)];
  if (step.do === "flood") return [step.message, ...(step.messages ?? [])];
  if (step.do === "expectDropped") return [step.message];
  const expects = step.do === "expectBroadcast" || step.do === "expectEvent" || step.do === "expectNoEvent";
  return expects ? [step.message, ...(step.messages ?? [])] : [];
}
