// Values in the messages of a step: names in place of ids, bytes remembered or made on the spot. Gives values of link/1.
import { concat, fromHex, sha256, toHex, utf8, type Bytes } from "../golden/index.js";
import { recordOf } from "./record.js";
import type { ContentOptions, SequenceSpec, ValueSpec } from "./scenario-messaging.js";
import type { Stage } from "./stage.js";

const QUERY_BYTES = 16;
const PANGRAM_BYTES = 45;

/** So many bytes that compress well and are not all the same. */
export function plainBytes(size: number): Bytes {
  const bytes = new Uint8Array(size);
  bytes.set(utf8("The quick brown fox jumps over the lazy dog. ").subarray(0, size));
  for (let filled = PANGRAM_BYTES; filled < size; filled *= 2) bytes.copyWithin(filled, 0, filled);
  return bytes;
}

/** So many bytes that do not compress, the same each time. */
export function noiseBytes(size: number): Bytes {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, index) => sha256(utf8(`noise ${index}`)));
  return concat(...blocks).slice(0, size);
}

/** Bytes of an application that a step describes. */
export function contentOf({ payload = "", hex, size, noise }: ContentOptions): Bytes {
  if (hex !== undefined) return fromHex(hex);
  if (size !== undefined) return plainBytes(size);
  return noise === undefined ? utf8(payload) : noiseBytes(noise);
}

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

function resolveObject(stage: Stage, spec: Exclude<ValueSpec, string | number | readonly ValueSpec[]>): string {
  if ("kept" in spec) return stage.notebook.kept(spec.kept);
  if ("random" in spec) return randomOf(stage, spec.random, spec.size ?? QUERY_BYTES);
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
