// Reaching a node that is no peer: section 5.6. Dials it at the addresses of the record that is known, else looks for it and
// dials what was found. Several calls for one node share all of it. What is to be said to the node is the callers' business.

import { formatHex } from "../bytes/index.js";
import type { Limits } from "../ports/index.js";
import type { Dialler } from "./dialler.js";
import type { KnownRecord, KnownRecords } from "./known-records.js";
import type { Searches } from "./searches.js";

export interface ReachContext {
  readonly limits: Limits;
  readonly known: Pick<KnownRecords, "find">;
  readonly dialler: Pick<Dialler, "addTold" | "withdraw">;
  readonly searches: Pick<Searches, "seek">;
  /** Whether a node is a peer that was reported: whether it can be sent to. */
  isPeer(nodeId: Uint8Array): boolean;
  /** Unix ms. */
  now(): number;
}

/** Hears once: no code when the node is a peer, QUEUE_FULL when too many calls wait already. */
export type Reached = (code?: "UNREACHABLE" | "QUEUE_FULL") => void;

/** Records of one node that one attempt dials: a node that issues new ones all the time is not followed for ever. */
const mostRecords = 4;

interface Attempt {
  readonly nodeId: Uint8Array;
  readonly waiting: Reached[];
  /** Issue of the newest record that was dialled. */
  newestTried: bigint;
  recordsTried: number;
  hasSearched: boolean;
  /** A dial has led to a session that may not be used yet. */
  isOpening: boolean;
  /** Withdraws the dial or the search that is under way. */
  withdraw: () => void;
}

const nothing = (): void => undefined;

export class Reach {
  readonly #context: ReachContext;
  readonly #attempts = new Map<string, Attempt>();
  #waiting = 0;

  constructor(context: ReachContext) {
    this.#context = context;
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether so many calls wait that no more are taken. */
  get isFull(): boolean {
    return this.#waiting >= this.#context.limits.REQUESTS;
  }

  /** Makes a node a peer; `done` may be called within this call. At most REQUESTS calls wait at once. */
  reach(nodeId: Uint8Array, now: number, done: Reached): void {
    if (this.#context.isPeer(nodeId)) return done();
    if (this.isFull) return done("QUEUE_FULL");
    this.#waiting++;
    const underWay = this.#attempts.get(formatHex(nodeId));
    if (underWay !== undefined) {
      underWay.waiting.push(done);
      return;
    }
    const attempt: Attempt = {
      nodeId,
      waiting: [done],
      newestTried: -1n,
      recordsTried: 0,
      hasSearched: false,
      isOpening: false,
      withdraw: nothing,
    };
    this.#attempts.set(formatHex(nodeId), attempt);
    const known = this.#context.known.find(nodeId, now);
    // r[reach.known]
    if (known !== undefined) return this.#dial(attempt, known);
    this.#search(attempt);
  }

  #dial(attempt: Attempt, { record, toldBy }: KnownRecord): void {
    const { dialler, now } = this.#ports();
    attempt.newestTried = record.issued;
    attempt.recordsTried++;
    const { nodeId } = attempt;
    const handle = dialler.addTold({ addresses: record.addresses, nodeId, toldBy }, now, (isReached) => {
      attempt.withdraw = nothing;
      if (!isReached) return this.#dialFailed(attempt);
      if (this.#context.isPeer(nodeId)) this.#finish(attempt);
      else attempt.isOpening = true;
    });
    attempt.withdraw = () => dialler.withdraw(handle);
  }

  #ports(): { dialler: ReachContext["dialler"]; now: number } {
    return { dialler: this.#context.dialler, now: this.#context.now() };
  }

  /** No address of a record has led to a session: perhaps another record is known by now. */
  #dialFailed(attempt: Attempt): void {
    const known = this.#context.known.find(attempt.nodeId, this.#context.now());
    const isNews = known !== undefined && known.record.issued > attempt.newestTried;
    if (isNews && attempt.recordsTried < mostRecords) this.#dial(attempt, known);
    else if (attempt.hasSearched) this.#finish(attempt, "UNREACHABLE");
    else this.#search(attempt);
  }

  #search(attempt: Attempt): void {
    attempt.hasSearched = true;
    attempt.withdraw = this.#context.searches.seek(attempt.nodeId, (found) => {
      attempt.withdraw = nothing;
      // r[reach.found]
      if (found !== undefined) return this.#dial(attempt, found);
      this.#finish(attempt, "UNREACHABLE");
    });
  }

  /** A node has become a peer, by this attempt or otherwise: to be called when it is reported. */
  peerUp(nodeId: Uint8Array): void {
    const attempt = this.#attempts.get(formatHex(nodeId));
    if (attempt !== undefined) this.#finish(attempt);
  }

  /** A node is no peer any more, reported or not: a session that was dialled may have ended before it could be used. */
  peerGone(nodeId: Uint8Array): void {
    const attempt = this.#attempts.get(formatHex(nodeId));
    if (attempt === undefined || !attempt.isOpening) return;
    attempt.isOpening = false;
    this.#dialFailed(attempt);
  }

  #finish(attempt: Attempt, code?: "UNREACHABLE"): void {
    this.#attempts.delete(formatHex(attempt.nodeId));
    this.#waiting -= attempt.waiting.length;
    attempt.withdraw();
    for (const done of attempt.waiting) done(code);
  }
}
