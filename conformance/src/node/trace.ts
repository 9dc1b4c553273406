// The last things that happened in a scenario, for the report of a failure. Keeps lines, not bytes.

const KEPT = 20;

/** A ring of lines. */
export class Trace {
  readonly #lines: string[] = [];
  readonly #start = performance.now();

  add(line: string): void {
    this.#lines.push(`${(performance.now() - this.#start).toFixed(1).padStart(8)} ms  ${line}`);
    if (this.#lines.length > KEPT * 8) this.#lines.splice(0, this.#lines.length - KEPT);
  }

  /** The last 20 lines, oldest first. */
  get lines(): readonly string[] {
    return this.#lines.slice(-KEPT);
  }
}
