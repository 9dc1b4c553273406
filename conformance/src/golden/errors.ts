// The one error of the golden codec: a refusal by a rule of the specification, with the code of its registry.
// Anything else that is thrown here is a bug of the runner, never a verdict on a value.

/** A value or bytes refused by a rule of the specification. */
export class GoldenError extends Error {
  override readonly name = "GoldenError";
  /** Name of the code in the registry, such as `MALFORMED`. */
  readonly code: string;
  /** Id of the rule that refuses, such as `payload.truncated`. */
  readonly rule: string;
  /** Offset of the byte that decided, where there is one. */
  readonly offset: number | undefined;

  constructor(code: string, rule: string, detail: string, offset?: number) {
    super(`${code}: ${detail} [${rule}]`);
    this.code = code;
    this.rule = rule;
    this.offset = offset;
  }
}
