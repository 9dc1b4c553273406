// Cuts stdout of a testee into lines with the limits of link/1: ASCII, 4 MiB. A line beyond them ends the reading with a reason.

export const LINE_BYTES = 4 * 2 ** 20;

/** Collects chunks; gives each whole line without its end. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #onFault: (reason: string) => void;
  #parts: Buffer[] = [];
  #size = 0;
  #broken = false;

  constructor(onLine: (line: string) => void, onFault: (reason: string) => void) {
    this.#onLine = onLine;
    this.#onFault = onFault;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (!this.#broken && at < chunk.length) {
      const end = chunk.indexOf(0x0a, at);
      this.#keep(chunk.subarray(at, end < 0 ? chunk.length : end));
      if (end < 0) return;
      at = end + 1;
      this.#finish();
    }
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > LINE_BYTES) {
      this.#broken = true;
      this.#parts = [];
      this.#onFault("a line of more than 4 MiB on stdout");
      return;
    }
    this.#parts.push(part);
  }

  #finish(): void {
    if (this.#broken) return;
    const line = Buffer.concat(this.#parts).toString("latin1");
    this.#parts = [];
    this.#size = 0;
    if (/[^\0-\x7f]/.test(line)) return this.#onFault("a line on stdout that is not ASCII; write \\uXXXX");
    this.#onLine(line.replace(/\r$/, ""));
  }
}
