// What can go wrong between the runner and a testee, apart from its answers.

/**
 * start: no process, or no valid hello. crash: the process ended. timeout: no reply in time. invalid: a line that breaks link/1.
 * exhausted: it crashed so often that the run ends.
 */
export type LinkErrorKind = "start" | "crash" | "timeout" | "invalid" | "exhausted";

/** A testee that did not keep to link/1. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  readonly kind: LinkErrorKind;

  constructor(kind: LinkErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
