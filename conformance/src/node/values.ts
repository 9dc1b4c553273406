// Values in the messages of a step: names in place of ids, bytes remembered or made on the spot. Gives values of link/1.
import { toHex, utf8 } from "../golden/index.js";
import { noiseBytes, plainBytes } from "./content.js";
import { recordOf } from "./record.js";
import type { SequenceSpec, ValueSpec } from "./scenario-messaging.js";
import type { Stage } from "./stage.js";
import { isTableValue, resolveTableValue } from "./table-values.js";

const QUERY_BYTES = 16;

function randomOf(stage: Stage, name: string, size: number): string {
  const { bytes } = stage.notebook;
  const made = bytes.get(name) ?? toHex(stage.random(size));
  bytes.set(name, made);
  return made;
}

/** A sequence that a step names. */
export function sequenceOf(stage: Stage, spec: SequenceSpec): bigint {
  if ("of" in spec) return (stage.messages(spec.of)[0]?.sequence ?? 0n) + BigInt(spec.plus);
  const { sequences } = stage.notebook;
  const clockMs = stage.now() + spec.plusSeconds * 1000;
  const made = sequences.get(spec.clock) ?? BigInt(clockMs) * 1000n;
  sequences.set(spec.clock, made);
  return made + BigInt(spec.plus ?? 0);
}

/** A value of link/1. */
export function resolveValue(stage: Stage, value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("@")) return toHex(stage.identity(value.slice(1)).nodeId);
  if (Array.isArray(value)) return value.map((item) => resolveValue(stage, item));
  if (typeof value !== "object" || value === null) return value;
  return resolveObject(stage, value as Exclude<ValueSpec, string | number | readonly ValueSpec[]>);
}

function resolveObject(
  stage: Stage,
  spec: Exclude<ValueSpec, string | number | readonly ValueSpec[]>,
): string | string[] {
  if ("kept" in spec) return stage.notebook.kept(spec.kept);
  if ("random" in spec) return randomOf(stage, spec.random, spec.size ?? QUERY_BYTES);
  if (isTableValue(spec)) return resolveTableValue(stage, spec);
  if ("text" in spec) return toHex(utf8(spec.text));
  if ("noise" in spec) return toHex(noiseBytes(spec.noise));
  if ("record" in spec) return toHex(recordOf(stage, spec.record.as, spec.record));
  if ("of" in spec || "clock" in spec) return sequenceOf(stage, spec).toString();
  if ("now" in spec) return String(stage.now() + spec.now);
  return toHex(plainBytes(spec.size));
}

/** All members of a message. */
export function resolveMembers(stage: Stage, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolveValue(stage, member)]));
}
