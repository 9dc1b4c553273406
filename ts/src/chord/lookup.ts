// One iterative lookup: section 7.9. Who owns a position, asked from node to node. Believes an entry only where it brings the
// search nearer, asks nobody twice, and ends at an owner that answered itself; when nobody is left it asks for whole lists.
// What goes over the wire and how long a node may take is the business of the layer above; nothing here touches the ring.

import { clean } from "./clean.js";
import { includes, type Contact } from "./contact.js";
import { between, owned } from "./intervals.js";
import type { Position } from "./position.js";
import type { LookupLimits, Snapshot, StepAnswer } from "./ring-types.js";

/** A request to send; its answer or failure is told with the very contact. */
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
  /** Nodes that were asked STEP on the way to the owner, the first one first. */
  readonly path: readonly Contact[];
}

export type LookupFailure = "UNREACHABLE" | "TIMEOUT";

export interface LookupWish {
  readonly self: Contact;
  readonly target: Position;
  readonly limits: LookupLimits;
  /** The predecessor's answer is enough: no owner is asked. */
  readonly isForPredecessor?: boolean;
}

/** A node to ask, or one that was. */
interface Stop {
  readonly contact: Contact;
  /** Who named it. */
  readonly after: Stop | undefined;
  isAsked: boolean;
  hasAnswered: boolean;
  /** It was asked for its list. */
  isListed: boolean;
}

/** Owners, as a node on the way showed them. */
interface Showing {
  readonly by: Stop | undefined;
  readonly predecessor: Contact;
  readonly owners: readonly Contact[];
  /** Which of them is asked next. */
  at: number;
}

export class Lookup {
  readonly #wish: LookupWish;
  readonly #deadline: number;
  /** The nearest before the target first; who was asked stays, so that nobody is asked twice. */
  readonly #stops: Stop[] = [];
  readonly #outputs: LookupOutput[] = [];
  /** STEPs under way. */
  #steps = 0;
  /** STEPs that were answered or are under way: those to nodes that failed do not count. */
  #hops = 0;
  #showing: Showing | undefined;
  /** The owner that is asked. */
  #asked: Contact | undefined;
  /** Owners that were asked in vain. */
  readonly #refused: Contact[] = [];
  /** Who is asked for its list. */
  #lister: Stop | undefined;
  /** Owners on lists that were asked for, those of the nearest node first. */
  readonly #reserves: Showing[] = [];
  /** This node's own list, until it is needed. */
  #ownList: readonly Contact[] = [];
  #result: LookupResult | undefined;
  #failure: LookupFailure | undefined;

  constructor(wish: LookupWish, now: number) {
    this.#wish = wish;
    // r[lookup.time] mutate: `now + wish.limits.LOOKUP_MS` => `Infinity`
    this.#deadline = now + wish.limits.LOOKUP_MS;
  }

  /** Begins at nodes that are known from elsewhere. */
  beginAt(contacts: readonly Contact[]): void {
    for (const contact of contacts) this.#add(contact, undefined);
    this.#goOn();
  }

  /** Begins with this node's own answer to STEP, and its list for need, as a node that has its place. */
  beginWith(answer: StepAnswer, list: readonly Contact[] = []): void {
    this.#ownList = list;
    this.#take(undefined, answer);
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
    if (now >= this.deadline) this.#failure = "TIMEOUT";
  }

  /** A node answered STEP. */
  receiveStep(from: Contact, answer: StepAnswer): void {
    const stop = this.#stops.find(({ contact }) => contact === from);
    if (stop === undefined || this.isDone) return;
    this.#steps--;
    stop.hasAnswered = true;
    this.#take(stop, answer);
    this.#goOn();
  }

  /** An owner answered STATE, or a node that was asked for its list. */
  receiveState(from: Contact, { phase, successors }: Snapshot): void {
    const [showing, lister] = [this.#showing, this.#lister];
    if (lister?.contact === from) {
      this.#lister = undefined;
      this.#takeList(lister, from, successors);
      return this.#goOn();
    }
    if (this.isDone || showing === undefined || this.#asked !== from) return;
    this.#asked = undefined;
    // r[lookup.owner] mutate: `phase !== "JOINING"` => `true`
    if (phase !== "JOINING") return this.#end(showing, from);
    this.#refused.push(from);
    this.#goOn();
  }

  /** A node has failed, asked this. */
  fail(contact: Contact, asked: LookupOutput["type"]): void {
    if (this.isDone) return;
    if (asked === "step") {
      this.#steps--;
      this.#hops--;
    } else if (this.#lister?.contact === contact) this.#lister = undefined;
    else if (this.#asked === contact) {
      this.#asked = undefined;
      this.#refused.push(contact);
    }
    // r[lookup.other]
    this.#goOn();
  }

  #take(stop: Stop | undefined, { owners, next }: StepAnswer): void {
    const { self, target, limits } = this.#wish;
    const from = stop?.contact ?? self;
    if (owners.length > 0) return this.#takeOwners(stop, from, owners);
    for (const contact of next.slice(0, limits.STEP_RECORDS)) {
      // r[lookup.progress]
      if (!between(from.position, contact.position, target)) continue;
      this.#add(contact, stop);
    }
  }

  #takeOwners(by: Stop | undefined, from: Contact, named: readonly Contact[]): void {
    const { target, limits } = this.#wish;
    const [first] = named;
    if (first === undefined) return;
    // r[lookup.owned]
    if (!owned(from.position, target, first.position)) return;
    // In a ring of one the node names itself, and nobody else.
    const isAlone = named.length === 1 && first.key === from.key;
    const owners = isAlone ? [from] : clean(from, named, limits.STEP_RECORDS).list;
    const before = this.#showing?.predecessor;
    // Of two answers the one of the nearer node is the better one, unless an owner is being asked already.
    if (this.#asked !== undefined) return;
    if (before !== undefined && !between(before.position, from.position, target)) return;
    this.#showing = { by, predecessor: from, owners, at: 0 };
  }

  /** Of a whole list those before the target are asked first: they may know owners that stand nearer. */
  #takeList(by: Stop | undefined, from: Contact, list: readonly Contact[]): void {
    const { target } = this.#wish;
    const owners: Contact[] = [];
    for (const entry of clean(from, list, list.length).list) {
      if (between(from.position, entry.position, target)) this.#add(entry, by);
      else owners.push(entry);
    }
    if (owners.length === 0) return;
    const farther = this.#reserves.findIndex(({ predecessor }) => between(predecessor.position, from.position, target));
    const at = farther < 0 ? this.#reserves.length : farther;
    this.#reserves.splice(at, 0, { by, predecessor: from, owners, at: 0 });
  }

  #add(contact: Contact, after: Stop | undefined): void {
    const { self, target } = this.#wish;
    // r[lookup.self]
    if (contact.key === self.key) return;
    // r[lookup.once]
    if (this.#stops.some((stop) => stop.contact.key === contact.key)) return;
    const nearer = this.#stops.findIndex((stop) => between(stop.contact.position, contact.position, target));
    // r[lookup.nearest] mutate: `nearer < 0 ? this.#stops.length : nearer` => `nearer < 0 ? 0 : this.#stops.length`
    const at = nearer < 0 ? this.#stops.length : nearer;
    this.#stops.splice(at, 0, { contact, after, isAsked: false, hasAnswered: false, isListed: false });
  }

  #goOn(): void {
    if (this.#showing !== undefined && this.#asked === undefined) this.#askOwner(this.#showing);
    if (this.isDone || this.#asked !== undefined || this.#lister !== undefined) return;
    const { LOOKUP_PARALLEL, LOOKUP_HOPS } = this.#wish.limits;
    for (const stop of this.#stops) {
      // r[lookup.parallel]
      if (this.#steps >= LOOKUP_PARALLEL) return;
      // r[lookup.hops]
      if (this.#hops >= LOOKUP_HOPS) break;
      if (stop.isAsked) continue;
      stop.isAsked = true;
      this.#steps++;
      this.#hops++;
      this.#outputs.push({ type: "step", to: stop.contact, target: this.target });
    }
    if (this.#steps === 0) this.#askList();
  }

  /** Nobody is left to ask: lists name more than answers to STEP. */
  #askList(): void {
    const { self, target } = this.#wish;
    const [reserve] = this.#reserves;
    const stop = this.#stops.find(({ hasAnswered, isListed }) => hasAnswered && !isListed);
    const isNearer =
      stop !== undefined &&
      (reserve === undefined || between(reserve.predecessor.position, stop.contact.position, target));
    // r[lookup.state]
    if (isNearer) {
      stop.isListed = true;
      this.#lister = stop;
      this.#outputs.push({ type: "state", to: stop.contact });
      return;
    }
    if (reserve !== undefined) {
      this.#showing = this.#reserves.shift();
      return this.#goOn();
    }
    if (this.#ownList.length > 0) {
      const list = this.#ownList;
      this.#ownList = [];
      this.#takeList(undefined, self, list);
      return this.#goOn();
    }
    // r[lookup.unreachable]
    this.#failure = "UNREACHABLE";
  }

  /** Asks the next of the owners; when all of them have failed, somebody farther away may name others. */
  #askOwner(showing: Showing): void {
    const { self, isForPredecessor } = this.#wish;
    let owner = showing.owners[showing.at++];
    while (owner !== undefined && this.#isVain(owner)) owner = showing.owners[showing.at++];
    if (owner === undefined) {
      this.#showing = undefined;
    } else if (isForPredecessor === true || owner.key === self.key) {
      this.#end(showing, owner);
    } else {
      this.#asked = owner;
      this.#outputs.push({ type: "state", to: owner });
    }
  }

  /** Has failed here, or is an earlier life of this node itself, which has nothing to say. */
  #isVain(owner: Contact): boolean {
    const { self } = this.#wish;
    return includes(this.#refused, owner) || (owner.key === self.key && owner.incarnation !== self.incarnation);
  }

  #end({ by, predecessor, owners }: Showing, owner: Contact): void {
    const path: Contact[] = [];
    for (let stop = by; stop !== undefined; stop = stop.after) path.unshift(stop.contact);
    this.#result = { owner, owners, predecessor, path };
  }
}
