// The one way a scenario fails: something was expected of the testee and something else came. Text is for people; `code` is compared.
// Everything else that is thrown while a scenario runs is a fault of the scenario or of the runner.

/** What a step waited for did not come, or came wrong. */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
  readonly expected: string;
  readonly actual: string;
  /** Code of the specification that the testee gave instead, where it gave one. */
  readonly code: string | undefined;

  constructor(expected: string, actual: string, code?: string) {
    super(`expected ${expected}; got ${actual}`);
    this.expected = expected;
    this.actual = actual;
    this.code = code;
  }
}

/** Throws StepFailure unless both are the same. */
export function expectSame(what: string, expected: unknown, actual: unknown): void {
  const [wanted, got] = [String(expected), String(actual)];
  if (wanted !== got) throw new StepFailure(`${what} ${wanted}`, `${what} ${got}`);
}
