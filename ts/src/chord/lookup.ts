// One iterative lookup: who owns a position, asked from node to node. Believes an entry only where it brings the search nearer,
// asks nobody twice, and ends at an owner that answered itself. What goes over the wire and how long a node may take to answer
// is the business of the layer above; nothing here touches the ring.

import { clean } from "./clean.js";
import type { Contact } from "./contact.js";
import { between, owned } from "./intervals.js";
import type { Position } from "./position.js";
import type { LookupOptions, Snapshot, StepAnswer } from "./ring-types.js";

/** Owners that one node may name, and next nodes. */
export const mostNamed = 4;

export type LookupOutput =
  | { readonly type: "step"; readonly to: Contact; readonly target: Position }
  | { readonly type: "state"; readonly to: Contact };

export interface LookupResult {
  /** The first owner that answered; where only the predecessor was wanted, the first that was named. */
  readonly owner: Contact;
  /** All that the predecessor named, the first one first. */
  readonly owners: readonly Contact[];
  /** The node whose answer showed the owners. */
  readonly predecessor: Contact;
  /** Nodes on the path that were asked STEP. */
  readonly hops: number;
}

export type LookupFailure = "UNREACHABLE" | "TIMEOUT";

export interface LookupWish {
  readonly self: Contact;
  readonly target: Position;
  readonly options: LookupOptions;
  /** The predecessor's answer is enough: no owner is asked. */
  readonly isForPredecessor?: boolean;
}

interface Candidate {
  readonly contact: Contact;
  /** Its place on the path from the start. */
  readonly hops: number;
  isAsked: boolean;
}

interface Showing {
  readonly predecessor: Contact;
  readonly owners: readonly Contact[];
  readonly hops: number;
  /** Which of them is asked next. */
  at: number;
}

export class Lookup {
  readonly #wish: LookupWish;
  /** Nearest to the target first; who was asked stays, so that nobody is asked twice. */
  readonly #candidates: Candidate[] = [];
  readonly #outputs: LookupOutput[] = [];
  #steps = 0;
  #showing: Showing | undefined;
  #asksOwner = false;
  #result: LookupResult | undefined;
  #failure: LookupFailure | undefined;
  readonly #deadline: number;

  constructor(wish: LookupWish, now: number) {
    this.#wish = wish;
    this.#deadline = now + wish.options.lookupMs;
  }

  /** Begins at nodes that are known from elsewhere. */
  beginAt(contacts: readonly Contact[]): void {
    for (const contact of contacts) this.#add(contact, 1);
    this.#goOn();
  }

  /** Begins with this node's own answer, as a member. */
  beginWith(answer: StepAnswer): void {
    this.#take(this.#wish.self, answer, 0);
    this.#goOn();
  }

  get target(): Position {
    return this.#wish.target;
  }

  get result(): LookupResult | undefined {
    return this.#result;
  }

  get failure(): LookupFailure | undefined {
    return this.#failure;
  }

  get isDone(): boolean {
    return this.#result !== undefined || this.#failure !== undefined;
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return this.isDone ? Infinity : this.#deadline;
  }

  poll(): LookupOutput | undefined {
    return this.#outputs.shift();
  }

  wake(now: number): void {
    // r[lookup.time]
    if (!this.isDone && now >= this.#deadline) this.#failure = "TIMEOUT";
  }

  /** A node answered STEP. */
  receiveStep(from: Contact, answer: StepAnswer): void {
    const asked = this.#candidates.find(({ contact }) => contact === from);
    if (asked === undefined || this.isDone) return;
    this.#steps--;
    this.#take(from, answer, asked.hops);
    this.#goOn();
  }

  /** An owner answered STATE. */
  receiveState(from: Contact, { phase }: Snapshot): void {
    const showing = this.#showing;
    if (this.isDone || showing === undefined || !this.#asksOwner) return;
    this.#asksOwner = false;
    if (phase === "MEMBER" || phase === "FOUNDER") this.#end(showing, from);
    else this.#goOn();
  }

  /** A node did not answer, or not usefully: STEP or STATE. */
  fail(contact: Contact): void {
    if (this.isDone) return;
    if (this.#asksOwner && this.#showing?.owners[this.#showing.at - 1] === contact) this.#asksOwner = false;
    else this.#steps--;
    this.#goOn();
  }

  #take(from: Contact, answer: StepAnswer, hops: number): void {
    if ("owners" in answer) return this.#takeOwners(from, answer.owners, hops);
    let taken = 0;
    for (const contact of answer.next) {
      if (taken++ === mostNamed) break;
      // r[lookup.nearer]
      if (!between(from.position, contact.position, this.#wish.target)) continue;
      this.#add(contact, hops + 1);
    }
  }

  #takeOwners(from: Contact, named: readonly Contact[], hops: number): void {
    const [first] = named;
    if (first === undefined) return;
    // r[lookup.owners]
    if (!owned(from.position, this.#wish.target, first.position)) return;
    const owners = first.key === from.key ? [first] : clean(from, named, mostNamed).list;
    const before = this.#showing?.predecessor;
    // Of two answers the nearer node's is the better one.
    if (before !== undefined && !between(before.position, from.position, this.#wish.target)) return;
    if (this.#asksOwner) return;
    this.#showing = { predecessor: from, owners, hops, at: 0 };
  }

  #add(contact: Contact, hops: number): void {
    const { self, target, options } = this.#wish;
    if (contact.key === self.key || hops > options.hopCap) return;
    let at = 0;
    for (const known of this.#candidates) {
      if (known.contact.key === contact.key) return;
      if (between(contact.position, known.contact.position, target)) at++;
    }
    this.#candidates.splice(at, 0, { contact, hops, isAsked: false });
  }

  #goOn(): void {
    if (this.#showing !== undefined && !this.#asksOwner) this.#askOwner(this.#showing);
    if (this.isDone || this.#asksOwner) return;
    for (const candidate of this.#candidates) {
      if (this.#steps >= this.#wish.options.alpha) return;
      if (candidate.isAsked) continue;
      candidate.isAsked = true;
      this.#steps++;
      this.#outputs.push({ type: "step", to: candidate.contact, target: this.#wish.target });
    }
    if (this.#steps === 0) this.#failure = "UNREACHABLE";
  }

  #askOwner(showing: Showing): void {
    const owner = showing.owners[showing.at++];
    if (owner === undefined) {
      // All of them failed: somebody farther away may know others.
      this.#showing = undefined;
    } else if (this.#wish.isForPredecessor === true || owner.key === this.#wish.self.key) {
      this.#end(showing, owner);
    } else {
      this.#asksOwner = true;
      this.#outputs.push({ type: "state", to: owner });
    }
  }

  #end({ predecessor, owners, hops }: Showing, owner: Contact): void {
    this.#result = { owner, owners, predecessor, hops };
  }
}
