// Queries that a node remembers, told apart by the pair (query, wanted): section 5.5. Bounded in number and in time; the
// oldest goes first.

import { formatHex } from "../bytes/index.js";
import type { LocatePeer } from "./locate-types.js";

/** What is remembered of one pair. */
export interface LocateQuery {
  /** When it came first, unix ms. */
  readonly since: number;
  /** Largest hops left that it came with. */
  hops: number;
  /** The first peers that it came from; nobody for a query of this node. */
  readonly from: LocatePeer[];
  /** It was answered with a record that this node knew. */
  isAnswered: boolean;
  isSentOn: boolean;
  /** It was sent on a second time, for a copy with more hops left. */
  isSentOnAgain: boolean;
  /** FOUNDs that were taken. */
  founds: number;
  /** Latest issue among them, unix ms. */
  newestIssue: bigint;
}

export class LocateQueries {
  readonly #most: number;
  readonly #keepMs: number;
  /** In the order in which they came. */
  readonly #queries = new Map<string, LocateQuery>();

  /** @param most pairs remembered at once. */
  constructor(most: number, keepMs: number) {
    this.#most = most;
    this.#keepMs = keepMs;
  }

  get size(): number {
    return this.#queries.size;
  }

  find(query: Uint8Array, wanted: Uint8Array, now: number): LocateQuery | undefined {
    this.#forgetOld(now);
    return this.#queries.get(keyOf(query, wanted));
  }

  /** Remembers a pair that is not there. */
  add(query: Uint8Array, wanted: Uint8Array, now: number): LocateQuery {
    this.#forgetOld(now);
    const [oldest] = this.#queries.keys();
    // r[locate.memory]
    if (oldest !== undefined && this.#queries.size >= this.#most) this.#queries.delete(oldest);
    const added: LocateQuery = {
      since: now,
      hops: 0,
      from: [],
      isAnswered: false,
      isSentOn: false,
      isSentOnAgain: false,
      founds: 0,
      newestIssue: -1n,
    };
    this.#queries.set(keyOf(query, wanted), added);
    return added;
  }

  #forgetOld(now: number): void {
    for (const [key, { since }] of this.#queries) {
      if (now - since < this.#keepMs) return;
      this.#queries.delete(key);
    }
  }
}

const keyOf = (query: Uint8Array, wanted: Uint8Array): string => formatHex(query) + formatHex(wanted);
