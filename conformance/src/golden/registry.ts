// The registry of the protocol, read at run time from proto/fields.json, so that the runner holds no second copy of a number.
// Knows shapes and names; what a receiver does with them is decided elsewhere.
import { existsSync, readFileSync } from "node:fs";

export interface CommandShape {
  readonly payload: string;
  readonly answer: string;
  readonly oneWay: boolean;
  readonly request: boolean;
  readonly tag: "ZERO" | "HOPS_SO_FAR" | "HOPS_LEFT";
  readonly beforeReady: boolean;
  readonly compressible: boolean;
  readonly reserved: boolean;
}

export interface EnumEntry {
  readonly name: string;
  readonly number: number;
  readonly comment: string;
  readonly command?: CommandShape;
}

export interface Bounds {
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly exactOrEmpty?: number;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly maxItems?: number;
  readonly printable?: boolean;
}

export interface FieldShape {
  readonly name: string;
  /** Name of the field in JSON: `networkId`. */
  readonly json: string;
  readonly number: number;
  readonly type: "bytes" | "string" | "uint32" | "uint64";
  readonly repeated: boolean;
  readonly bounds: Bounds;
  readonly comment: string;
}

export interface MessageShape {
  readonly comment: string;
  readonly fields: readonly FieldShape[];
}

interface Model {
  readonly enums: Readonly<Record<string, readonly EnumEntry[]>>;
  readonly messages: Readonly<Record<string, MessageShape>>;
}

/** Where fields.json lies: in a published package beside `dist`, in the repository under `proto`. */
function readModel(): Model {
  const places = ["../../golden/fields.json", "../../../proto/fields.json"].map(
    (path) => new URL(path, import.meta.url),
  );
  const place = places.find((candidate) => existsSync(candidate));
  if (place === undefined) throw new Error("proto/fields.json is missing; next step: npm run generate");
  return JSON.parse(readFileSync(place, "utf8")) as Model;
}

const model = readModel();

/** The entries of an enum of the registry, such as `ErrorCode`. */
export function enumEntries(name: string): readonly EnumEntry[] {
  const entries = model.enums[name];
  if (entries === undefined) throw new TypeError(`the registry has no enum ${name}`);
  return entries;
}

function numberIn(enumName: string, name: string): number {
  const entry = enumEntries(enumName).find((candidate) => candidate.name === name);
  if (entry === undefined) throw new TypeError(`${enumName} has no ${name}`);
  return entry.number;
}

/** Number of a limit by its name in 9.7. */
export const limitOf = (name: string): number => numberIn("Limit", name);

/** Number of a command by its name in 9.1. */
export const commandOf = (name: string): number => numberIn("Command", name);

/** Number of an error code by its name in 9.2. */
export const errorNumberOf = (name: string): number => numberIn("ErrorCode", name);

/** Bit of a policy by its name in 9.6. */
export const policyOf = (name: string): number => numberIn("Policy", name);

/** Name of an error code; an unknown one from 100 to 599 is the x00 code of its hundred (r[error.unknown]). */
export function errorNameOf(number: number): string | undefined {
  const find = (wanted: number): string | undefined =>
    enumEntries("ErrorCode").find((entry) => entry.number === wanted)?.name;
  return find(number) ?? find(Math.floor(number / 100) * 100);
}

/** All names of error codes. */
export const errorNames: readonly string[] = enumEntries("ErrorCode").map((entry) => entry.name);

/** Shape of a known command, undefined for an unknown or reserved one (2.2). */
export function knownCommand(number: number): CommandShape | undefined {
  const shape = enumEntries("Command").find((entry) => entry.number === number)?.command;
  return shape === undefined || shape.reserved ? undefined : shape;
}

/** Name of a command in the registry, reserved ones included. */
export function commandName(number: number): string | undefined {
  return enumEntries("Command").find((entry) => entry.number === number)?.name;
}

/** Shape of a Protobuf message by its name. */
export function messageShape(name: string): MessageShape {
  const shape = model.messages[name];
  if (shape === undefined) throw new TypeError(`the registry has no message ${name}`);
  return shape;
}

/** All names of messages, those of later chapters included. */
export const messageNames: readonly string[] = Object.keys(model.messages);

/** Largest u64 of the protocol: r[int.u64.range]. */
export const U64_MAX = 2n ** 63n - 1n;
