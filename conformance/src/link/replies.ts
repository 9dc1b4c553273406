// Reads lines of a testee: comments, events, replies. Shapes are those of schema/*.json, checked with ajv.
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { LinkError } from "./errors.js";
import type { TesteeEvent } from "./event-queue.js";

export type Reply =
  | { readonly kind: "ok"; readonly ok: Readonly<Record<string, unknown>> }
  | { readonly kind: "reject"; readonly code: string }
  | { readonly kind: "unsupported"; readonly feature: string }
  | { readonly kind: "fault"; readonly message: string };

export type Line =
  | { readonly kind: "comment" }
  | { readonly kind: "event"; readonly event: TesteeEvent }
  | { readonly kind: "reply"; readonly id: number; readonly body: Readonly<Record<string, unknown>> };

const ajv = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true });
for (const name of ["reply", "ok", "event"]) {
  const path = new URL(`../../schema/${name}.schema.json`, import.meta.url);
  ajv.addSchema(JSON.parse(readFileSync(path, "utf8")) as object, name);
}

function validator(reference: string): ValidateFunction | undefined {
  return ajv.getSchema(reference);
}

function why(validate: ValidateFunction): string {
  const error = validate.errors?.[0];
  const extra = error?.keyword === "additionalProperties" ? ` (${String(error.params["additionalProperty"])})` : "";
  return `${error?.instancePath || "the object"} ${error?.message ?? "is wrong"}${extra}`;
}

const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** Reads one line, or throws LinkError("invalid"). */
export function parseLine(line: string): Line {
  if (line.startsWith("#") || line.trim() === "") return { kind: "comment" };
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new LinkError("invalid", `no JSON on stdout: ${shorten(line)}`);
  }
  const isEvent = typeof parsed === "object" && parsed !== null && "event" in parsed;
  const validate = validator(isEvent ? "event" : "reply");
  if (validate !== undefined && !validate(parsed)) {
    throw new LinkError("invalid", `a line that link/1 does not allow, ${why(validate)}: ${shorten(line)}`);
  }
  if (isEvent) return { kind: "event", event: parsed as TesteeEvent };
  const { id, ...body } = parsed as { id: number };
  return { kind: "reply", id, body };
}

/** Name of the schema of an `ok`, in schema/ok.schema.json. */
function okName(op: string, input: Readonly<Record<string, unknown>>): string {
  const type = input["type"];
  return typeof type === "string" ? `${op}:${type}` : op;
}

/** The reply to this request, its `ok` checked against the operation's shape. */
export function replyOf(
  op: string,
  input: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
): Reply {
  const { ok, reject, unsupported, fault } = body as Record<string, Record<string, string> | undefined>;
  if (reject !== undefined) return { kind: "reject", code: reject["code"] ?? "" };
  if (unsupported !== undefined) return { kind: "unsupported", feature: unsupported["feature"] ?? "" };
  if (fault !== undefined) return { kind: "fault", message: fault["message"] ?? "" };
  const validate = validator(`ok#/$defs/${okName(op, input)}`);
  if (validate !== undefined && !validate(ok)) {
    throw new LinkError("invalid", `the ok of ${okName(op, input)}: ${why(validate)}: ${shorten(JSON.stringify(ok))}`);
  }
  return { kind: "ok", ok: ok as Readonly<Record<string, unknown>> };
}
