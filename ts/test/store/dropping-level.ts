// A database of the tests whose process ends suddenly: what was not forced to the disk is gone then. It can have no room.

import type { Level, LevelChange } from "../../src/runtime/store/index.js";

const nameOf = (key: Uint8Array): string => Buffer.from(key).toString("hex");

export class DroppingDisk {
  /** What is on the disk. */
  readonly #kept = new Map<string, Uint8Array>();
  #isFull = false;
  /** Batches forced to the disk. */
  batches = 0;
  #life = 0;

  /** Whether it has no room. */
  set isFull(isFull: boolean) {
    this.#isFull = isFull;
  }

  /** The process ends: what is under way never gets to the disk. */
  kill(): void {
    this.#life++;
  }

  readonly level = (): Level => {
    const life = this.#life;
    return {
      open: () => Promise.resolve(),
      close: () => Promise.resolve(),
      write: (changes) => this.#write(changes, life),
      get: (keys) => Promise.resolve(keys.map((key) => this.#kept.get(nameOf(key)))),
      entries: (first) => this.#entries(first),
    };
  };

  async #write(changes: readonly LevelChange[], life: number): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    // Nobody is left to hear of it.
    if (life !== this.#life) return new Promise<void>(() => undefined);
    if (this.#isFull) throw new Error("IO error: 000003.log: No space left on device");
    this.batches++;
    for (const { key, value } of changes) {
      if (value === undefined) this.#kept.delete(nameOf(key));
      else this.#kept.set(nameOf(key), value);
    }
  }

  async *#entries(first: number): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]> {
    await Promise.resolve();
    for (const [name, value] of [...this.#kept].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const key = new Uint8Array(Buffer.from(name, "hex"));
      if (key[0] === first) yield [key, value];
    }
  }
}
