// Writes ts/src/gen/registry.ts: every number of the registry as a typed constant, the shapes of commands, and the bounds
// of fields. Plain data: it imports nothing, so pure folders may use it without loading the Protobuf runtime.
import { format } from "prettier";

const header = `// Generated from proto/motet/v1 by \`npm run generate\`. Do not edit.
// Every number of Motet as a typed constant, the shapes of commands and the bounds of fields. Imports nothing.
`;

const declarations = `
/** Meaning of a frame's tag when neither REQUEST nor RESPONSE is set. */
export type TagMeaning = "ZERO" | "HOPS_SO_FAR" | "HOPS_LEFT";

/** What the frames of one command may look like. */
export interface CommandShape {
  readonly name: CommandName;
  /** Protobuf message of a one-way frame or a request; empty when the payload is not Protobuf. */
  readonly payload: MessageName | "";
  /** Protobuf message of a successful answer; empty when there is none. */
  readonly answer: MessageName | "";
  /** May be sent without REQUEST and RESPONSE. */
  readonly oneWay: boolean;
  /** May be sent with REQUEST, and is answered then. */
  readonly request: boolean;
  readonly tag: TagMeaning;
  /** May be sent before the session is READY. */
  readonly beforeReady: boolean;
  /** The frame may compress its payload. */
  readonly compressible: boolean;
  /** Assigned, but its chapter is not written: receivers treat the code as unknown. */
  readonly reserved: boolean;
}

/** Bounds of one field: what is absent does not bound it. Those of a repeated field's values hold for each of them. */
export interface Bounds {
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly exactOrEmpty?: number;
  /** A bigint exactly when the field is 64 bits wide; so is \`max\`. */
  readonly min?: number | bigint;
  readonly max?: number | bigint;
  readonly maxItems?: number;
  readonly printable?: boolean;
}

export interface FieldBounds {
  readonly name: string;
  /** Name in JSON, and of the property in the generated code. */
  readonly json: string;
  readonly number: number;
  readonly type: "bytes" | "string" | "bool" | "uint32" | "uint64";
  readonly repeated: boolean;
  readonly bounds: Bounds;
}
`;

function fixedLimits(limits) {
  const names = limits.filter((limit) => limit.fixed).map((limit) => JSON.stringify(limit.name));
  return `/** Limits that are part of the protocol: nobody configures them. */
export const fixedLimits: ReadonlySet<LimitName> = new Set<LimitName>([${names.join(", ")}]);
`;
}

/** Registries whose numbers are looked up by what came over the wire: they get a map back to the name. */
const reverseMaps = { Command: "commandNames", ErrorCode: "errorNames" };
const typeNames = { Command: "CommandName", ErrorCode: "Code" };

export async function formatRegistry(model) {
  const parts = [
    header,
    ...Object.entries(model.enums).map(([name, entries]) => constants(name, entries)),
    fixedLimits(model.enums.Limit),
    declarations,
    commandShapes(model.enums.Command),
    messageBounds(model.messages),
  ];
  return format(parts.join("\n"), { parser: "typescript", printWidth: 120 });
}

function constants(name, entries) {
  const type = typeNames[name] ?? `${name}Name`;
  const lines = entries.map((entry) => `/** ${entry.comment} */\n${entry.name}: ${entry.number},`);
  const parts = [
    `export const ${name} = {\n${lines.join("\n")}\n} as const;`,
    `export type ${type} = keyof typeof ${name};`,
  ];
  if (name in reverseMaps) parts.push(reverseMap(reverseMaps[name], type, entries));
  return `${parts.join("\n")}\n`;
}

function reverseMap(name, type, entries) {
  const lines = entries.map((entry) => `[${entry.number}, ${JSON.stringify(entry.name)}],`);
  return `\n/** The name of each assigned number. */\nexport const ${name}: ReadonlyMap<number, ${type}> = new Map([\n${lines.join("\n")}\n]);`;
}

// The two tables below are read by column, one entry per line, so prettier leaves them alone.

function commandShapes(entries) {
  const lines = entries.map(({ name, number, command }) => `  [${number}, ${literal({ name, ...command })}],`);
  return `/** Shapes of the assigned commands by number. */
// prettier-ignore
export const commandShapes: ReadonlyMap<number, CommandShape> = new Map<number, CommandShape>([\n${lines.join("\n")}\n]);\n`;
}

function messageBounds(messages) {
  const parts = Object.entries(messages).map(([name, { comment, fields }]) => {
    const lines = fields.map((field) => `    ${fieldLiteral(field)},\n`);
    return `  /** ${comment} */\n  ${name}: [${lines.length > 0 ? `\n${lines.join("")}  ` : ""}],`;
  });
  return `/** Fields of each message, in order. */
// prettier-ignore
export const messageBounds = {\n${parts.join("\n")}\n} as const satisfies Record<string, readonly FieldBounds[]>;

export type MessageName = keyof typeof messageBounds;\n`;
}

function fieldLiteral({ name, json, number, type, repeated, bounds }) {
  return literal({ name, json, number, type, repeated, bounds });
}

/** An object literal on one line; a bound of 64 bits, a string of digits in the model, becomes a bigint. */
function literal(value) {
  const entries = Object.entries(value).map(
    ([key, inner]) => `${key}: ${typeof inner === "object" ? literal(inner) : scalar(inner)}`,
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function scalar(value) {
  return typeof value === "string" && /^\d+$/.test(value) ? `${value}n` : JSON.stringify(value);
}
