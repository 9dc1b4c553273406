// Requests of the ring on their way: reaches the node of a contact, sends, tries again, and says when the contact has failed
// (7.2). What is asked, and what an answer means, is its callers' business.

import { formatHex } from "../bytes/index.js";
import type { Contact } from "../chord/index.js";
import { Priority } from "../framing/index.js";
import type { Code } from "../gen/registry.js";
import type { Limits } from "../ports/index.js";
import type { Answer, Session } from "../session/index.js";
import type { KnownRecord } from "./known-records.js";
import type { Reach } from "./reach.js";
import type { RingSessions } from "./ring-sessions.js";
import { RoundTrip } from "./round-trip.js";

export interface RingRequestsContext {
  readonly limits: Limits;
  /** Dials nodes at the addresses of their records, and looks for nobody. */
  readonly reach: Pick<Reach, "reach">;
  /** Hears whom requests lead to. */
  readonly sessions: Pick<RingSessions, "dialled" | "used">;
  readonly recordOf: (contact: Contact) => KnownRecord;
  /** The session of a peer that was reported. */
  readonly sessionOf: (nodeId: Uint8Array) => Session | undefined;
  /** Unix ms. */
  readonly now: () => number;
}

/** An answer, and the session that it came in. */
export interface RingReply {
  readonly payload: Uint8Array;
  readonly session: Session;
}

/** Hears once: the answer, or nothing when the contact has failed; with a code when it has answered with FAILED. */
export type Replied = (reply: RingReply | undefined, refusal?: Code) => void;

interface Asking {
  readonly nodeId: Uint8Array;
  readonly command: number;
  readonly payload: Uint8Array;
  readonly done: Replied;
  /** How long the one try waits for its answer; undefined for several of a time that is measured. */
  readonly waitMs: number | undefined;
  tries: number;
  /** What was sent and may still be answered. */
  readonly sent: { readonly session: Session; readonly tag: number }[];
  /** When the try is over, unix ms. */
  dueAt: number;
  isReaching: boolean;
}

const empty = new Uint8Array(0);
/** When to look again whether a peer takes another request. */
const busyMs = 50;

export class RingRequests {
  readonly #context: RingRequestsContext;
  readonly #asking = new Set<Asking>();
  readonly #roundTrips = new WeakMap<Session, RoundTrip>();
  #isStopped = false;

  constructor(context: RingRequestsContext) {
    this.#context = context;
  }

  /** Requests that wait for an answer. */
  get size(): number {
    return this.#asking.size;
  }

  /** Whether an answer of a node is awaited. @param key node id in hex */
  isAwaiting(key: string): boolean {
    for (const { nodeId } of this.#asking) if (formatHex(nodeId) === key) return true;
    return false;
  }

  /**
   * Asks the node of a contact; `done` may be called within this call.
   * @param waitMs for what may take its time and is not to be sent twice: how long it is waited for.
   */
  ask(to: Contact, command: number, payload: Uint8Array, done: Replied, waitMs?: number): void {
    const { nodeId } = this.#context.recordOf(to).record;
    const asking = { nodeId, command, payload, done, waitMs, tries: 0, sent: [], dueAt: Infinity, isReaching: false };
    this.#asking.add(asking);
    this.#try(asking);
  }

  /** Sends a one-way frame to the node of a contact, once it is reached; nobody hears whether it was. */
  tell(to: Contact, command: number): void {
    const { nodeId } = this.#context.recordOf(to).record;
    this.#context.reach.reach(nodeId, this.#context.now(), () => {
      this.#context.sessionOf(nodeId)?.send(Priority.CONTROL, command, 0, 0, empty);
    });
  }

  #try(asking: Asking): void {
    if (this.#isStopped) return;
    const session = this.#context.sessionOf(asking.nodeId);
    if (session !== undefined && session.state === "ready") return this.#send(asking, session);
    if (asking.isReaching) return;
    asking.isReaching = true;
    // Who cannot be reached in this time cannot be reached.
    asking.dueAt = this.#context.now() + this.#context.limits.RING_REQUEST_MS;
    this.#context.reach.reach(asking.nodeId, this.#context.now(), (code) => {
      if (!this.#asking.has(asking)) return;
      asking.isReaching = false;
      const reached = code === undefined ? this.#context.sessionOf(asking.nodeId) : undefined;
      // r[ring.request.failed] also
      if (reached === undefined) return this.#end(asking);
      this.#context.sessions.dialled(asking.nodeId);
      this.#send(asking, reached);
    });
  }

  #send(asking: Asking, session: Session): void {
    const { limits, sessions, now } = this.#context;
    const sentAt = now();
    sessions.used(asking.nodeId);
    const roundTrip = this.#roundTrips.get(session) ?? new RoundTrip();
    this.#roundTrips.set(session, roundTrip);
    asking.tries++;
    asking.dueAt = sentAt + (asking.waitMs ?? roundTrip.waitMs(asking.tries, limits.RING_REQUEST_MS));
    const tag = session.outbox.inquire(asking.command, asking.payload, {
      dueAt: Infinity,
      done: (answer) => {
        if (!("failed" in answer) && asking.waitMs === undefined) roundTrip.note(now() - sentAt);
        this.#answered(asking, session, answer);
      },
    });
    if (tag !== undefined) asking.sent.push({ session, tag });
    else if (asking.waitMs !== undefined) this.#sendSoon(asking, sentAt);
  }

  /** Too many requests wait for this peer's answers. */
  #sendSoon(asking: Asking, now: number): void {
    asking.tries--;
    asking.dueAt = now + busyMs;
  }

  #answered(asking: Asking, session: Session, answer: Answer): void {
    if (!this.#asking.has(asking)) return;
    if (!("failed" in answer)) return this.#end(asking, { payload: answer.payload, session });
    const place = asking.sent.findIndex((sent) => sent.session === session);
    if (place >= 0) asking.sent.splice(place, 1);
    // r[ring.request.failed] also
    if (session.state === "ready") return this.#end(asking, undefined, answer.failed);
    // The session has ended: a try that was not answered.
    this.#again(asking);
  }

  #again(asking: Asking): void {
    // r[ring.request.failed]
    if (asking.tries >= (asking.waitMs === undefined ? this.#context.limits.RING_TRIES : 1)) return this.#end(asking);
    this.#try(asking);
  }

  #end(asking: Asking, reply?: RingReply, refusal?: Code): void {
    if (!this.#asking.delete(asking)) return;
    for (const { session, tag } of asking.sent) session.outbox.giveUp(tag);
    asking.done(reply, refusal);
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    let due = Infinity;
    for (const asking of this.#asking) due = Math.min(due, asking.dueAt);
    return due;
  }

  wake(now: number): void {
    for (const asking of Array.from(this.#asking)) {
      if (asking.dueAt > now || !this.#asking.has(asking)) continue;
      if (asking.isReaching) this.#end(asking);
      else this.#again(asking);
    }
  }

  /** The node stops: nothing more is asked, and nobody hears of what was. */
  stop(): void {
    this.#isStopped = true;
    this.#asking.clear();
  }
}
