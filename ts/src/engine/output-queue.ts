// Outputs in the order in which they arose, handed out one by one.

import type { Output } from "./outputs.js";

export class OutputQueue {
  #outputs: Output[] = [];
  #next = 0;
  readonly #writable = new Set<number>();

  push(output: Output): void {
    this.#outputs.push(output);
  }

  /** Asks for `fill` once, however much becomes writable before the driver gets to it. */
  pushWrite(link: number): void {
    if (this.#writable.has(link)) return;
    this.#writable.add(link);
    this.#outputs.push({ type: "write", link });
  }

  shift(): Output | undefined {
    const output = this.#outputs[this.#next++];
    if (output === undefined) {
      this.#outputs = [];
      this.#next = 0;
    } else if (output.type === "write") {
      this.#writable.delete(output.link);
    }
    return output;
  }
}
