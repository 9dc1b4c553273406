// Joining: section 7.4. Looks for the node that stands before this one, has it confirm that in its own words, and takes over
// its list from the first entry that answers.

import type { Contact } from "./contact.js";
import { between } from "./intervals.js";
import type { Lookup } from "./lookup.js";
import { LookupRun } from "./lookup-run.js";
import type { Asker } from "./requests.js";
import type { RingCore } from "./ring-core.js";
import { isPlaced, type Snapshot } from "./ring-types.js";

export class Join implements Asker {
  readonly #core: RingCore;
  /** Hears when this node has its place. */
  readonly #joined: (before: Contact, now: number) => void;
  readonly #search: LookupRun;
  /** Those to begin at, the next one first. */
  readonly #contacts: Contact[] = [];
  #isUnderWay = false;
  /** Its answer, while its entries are asked. */
  #before: Snapshot | undefined;
  #entryAt = 0;
  #waitMs: number;
  #tryAt = Infinity;

  constructor(core: RingCore, joined: (before: Contact, now: number) => void) {
    this.#core = core;
    this.#joined = joined;
    this.#search = new LookupRun(core, (lookup, now) => this.#receiveLookup(lookup, now));
    this.#waitMs = core.limits.RING_JOIN_MIN_MS;
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return this.#isUnderWay ? this.#search.deadline : this.#tryAt;
  }

  /** What is held of another node's list and may become this node's. */
  get held(): Snapshot | undefined {
    return this.#before;
  }

  /** Begins, or goes on with more contacts: a new one is tried first. */
  begin(contacts: readonly Contact[], now: number): void {
    for (const contact of contacts) {
      const at = this.#contacts.findIndex(({ key }) => key === contact.key);
      if (at >= 0) this.#contacts[at] = contact;
      else this.#contacts.unshift(contact);
      if (at < 0) this.#tryAt = now;
    }
    this.wake(now);
  }

  /** The next try begins at this contact: others name its node by an earlier life, which leads nowhere. */
  prefer(contact: Contact): void {
    const at = this.#contacts.findIndex(({ key }) => key === contact.key);
    if (at >= 0) this.#contacts.splice(at, 1);
    this.#contacts.unshift(contact);
  }

  wake(now: number): void {
    if (this.#isUnderWay) return this.#search.wake(now);
    if (now < this.#tryAt) return;
    const contact = this.#contacts.shift();
    if (contact === undefined) return;
    this.#contacts.push(contact);
    this.#isUnderWay = true;
    this.#search.beginAt(contact, { target: this.#core.self.position, isForPredecessor: true }, now);
  }

  #receiveLookup({ result }: Lookup, now: number): void {
    if (result === undefined) this.#tryAgain(now);
    else this.#core.requests.askState(result.predecessor, this);
  }

  receiveState(from: Contact, answer: Snapshot, now: number): void {
    if (this.#before === undefined) return this.#confirm(answer, now);
    if (!isPlaced(answer)) return this.fail(from, now);
    // r[ring.join.list] mutate: `this.#entryAt` => `this.#entryAt + 1`
    const rest = this.#before.successors.slice(this.#entryAt);
    this.#take(this.#before, answer.self, rest, now);
  }

  #confirm(answer: Snapshot, now: number): void {
    const { successors, wraps, self: before } = answer;
    const head = successors[0] ?? (wraps ? before : undefined);
    const isBetween = head !== undefined && between(before.position, this.#core.self.position, head.position);
    // r[ring.join.confirm]
    if (!isPlaced(answer) || !isBetween) return this.#tryAgain(now);
    this.#before = answer;
    this.#entryAt = 0;
    this.#askEntry(answer, now);
  }

  #askEntry(before: Snapshot, now: number): void {
    const entry = before.successors[this.#entryAt++];
    // r[ring.join.head] mutate: `entry !== undefined` => `false`
    if (entry !== undefined) this.#core.requests.askState(entry, this);
    else if (before.wraps) this.#take(before, before.self, [], now);
    else this.#tryAgain(now);
  }

  #take(before: Snapshot, first: Contact, rest: readonly Contact[], now: number): void {
    const { state } = this.#core;
    this.#stop();
    this.#core.makeList(first, before.wraps ? [...rest, before.self] : rest);
    // r[ring.join.predecessor]
    state.predecessor = before.self;
    state.phase = "MEMBER";
    this.#joined(before.self, now);
  }

  fail(_contact: Contact, now: number): void {
    const before = this.#before;
    if (before === undefined) this.#tryAgain(now);
    else this.#askEntry(before, now);
  }

  #tryAgain(now: number): void {
    // r[ring.found.told] mutate: `this.#stop()` => `this.#stop(), this.#core.state.beginRing()`
    this.#stop();
    const { draws, limits } = this.#core;
    // r[ring.join.again] mutate: `now + draws.around(this.#waitMs)` => `Infinity`
    this.#tryAt = now + draws.around(this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, limits.RING_JOIN_MAX_MS);
  }

  #stop(): void {
    this.#isUnderWay = false;
    this.#before = undefined;
    this.#tryAt = Infinity;
  }

  cancel(): void {
    this.#search.cancel();
    this.#core.requests.cancel(this);
    this.#stop();
  }
}
