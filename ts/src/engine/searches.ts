// Who waits for which node to be located: several callers share one search, and only so many searches run at once, since
// peers drop what is asked quicker than LOCATES_PER_SECOND (5.5). How a search goes is the locator's business.

import { formatHex } from "../bytes/index.js";
import type { PeerRecord } from "../identity/index.js";
import type { Locator } from "../mesh/index.js";
import type { Limits } from "../ports/index.js";
import type { KnownRecord } from "./known-records.js";

export interface SearchesContext {
  readonly limits: Limits;
  readonly locator: Pick<Locator, "search" | "giveUp">;
  /** Unix ms. */
  now(): number;
}

/** Hears once of the record that was found, or that none was. */
export type Found = (known: KnownRecord | undefined) => void;

interface Waiting {
  readonly wanted: Uint8Array;
  readonly callers: Set<Found>;
  isRunning: boolean;
}

export class Searches {
  readonly #context: SearchesContext;
  /** In the order in which they were asked for. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #mostAtOnce: number;
  #running = 0;

  constructor(context: SearchesContext) {
    const { LOCATES_PER_SECOND, LOCATE_WAIT_MS } = context.limits;
    this.#context = context;
    // A search sends one LOCATE in LOCATE_WAIT_MS.
    this.#mostAtOnce = Math.max(1, Math.floor((LOCATES_PER_SECOND * LOCATE_WAIT_MS) / 1000));
  }

  /** Nodes that somebody looks for. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Looks for a node. Answers how to lose interest: `done` is not called then. */
  seek(wanted: Uint8Array, done: Found): () => void {
    const key = formatHex(wanted);
    const waiting = this.#waiting.get(key) ?? { wanted, callers: new Set<Found>(), isRunning: false };
    waiting.callers.add(done);
    this.#waiting.set(key, waiting);
    this.#startMore();
    return () => {
      if (!waiting.callers.delete(done) || waiting.callers.size > 0) return;
      if (waiting.isRunning) this.#context.locator.giveUp(wanted);
      this.#end(key, waiting);
      this.#startMore();
    };
  }

  /** The locator has found a node. */
  located(record: PeerRecord, toldBy: string): void {
    this.#settle(record.nodeId, { record, toldBy });
  }

  /** The locator has not found a node. */
  notLocated(wanted: Uint8Array): void {
    this.#settle(wanted, undefined);
  }

  #settle(wanted: Uint8Array, known: KnownRecord | undefined): void {
    const key = formatHex(wanted);
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.#end(key, waiting);
    const callers = [...waiting.callers];
    waiting.callers.clear();
    for (const done of callers) done(known);
    this.#startMore();
  }

  #end(key: string, waiting: Waiting): void {
    this.#waiting.delete(key);
    if (waiting.isRunning) this.#running--;
  }

  #startMore(): void {
    for (const waiting of this.#waiting.values()) {
      if (this.#running >= this.#mostAtOnce) return;
      if (waiting.isRunning) continue;
      waiting.isRunning = true;
      this.#running++;
      this.#context.locator.search(waiting.wanted, this.#context.now());
    }
  }
}
