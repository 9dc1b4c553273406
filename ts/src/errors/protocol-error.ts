// The one error type of Motet. It knows codes of the registry and who caused them; it knows nothing of the wire.

import type { Code } from "../gen/registry.js";

/** Who caused an error: this program, the peer, the connection, or time. */
export type ErrorOrigin = "local" | "remote" | "transport" | "timeout";

export interface ErrorDetails {
  /** @defaultValue "remote" */
  readonly origin?: ErrorOrigin;
  /** Id of the rule that was broken. */
  readonly rule?: string;
  /** Plain facts for programs. */
  readonly detail?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

/**
 * Anything the protocol refuses. Match on `code`; the message is for people and reads
 * `CODE: what happened, with numbers; next step`.
 */
export class ProtocolError extends Error {
  readonly code: Code;
  /** The message without the code in front. */
  readonly what: string;
  readonly origin: ErrorOrigin;
  readonly rule: string | undefined;
  readonly detail: Readonly<Record<string, string | number>>;

  constructor(code: Code, what: string, details: ErrorDetails = {}) {
    super(`${code}: ${what}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "ProtocolError";
    this.code = code;
    this.what = what;
    this.origin = details.origin ?? "remote";
    this.rule = details.rule;
    this.detail = details.detail ?? {};
  }
}

/** The caller's own arguments cannot be used; thrown at once, nothing was sent. */
export function misuse(what: string, detail: Readonly<Record<string, string | number>> = {}): ProtocolError {
  return new ProtocolError("MISUSE", what, { origin: "local", detail });
}
