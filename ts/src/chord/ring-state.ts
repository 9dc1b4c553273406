// What a node is on the ring: phase, list, predecessor, and of whom it knows that they are not to be used. Says what STATE and
// STEP answer from it; when any of it changes is decided by the operations.

import { clean } from "./clean.js";
import { isSame, type Contact } from "./contact.js";
import { between, owned } from "./intervals.js";
import type { Position } from "./position.js";
import type { Phase, Snapshot, StepAnswer } from "./ring-types.js";

/** Contacts that have left and are known for it. */
const mostGone = 256;
const nobody: readonly Contact[] = [];

export class RingState {
  readonly self: Contact;
  readonly #r: number;
  #phase: Phase = "JOINING";
  #predecessor: Contact | undefined;
  #list: readonly Contact[] = nobody;
  #wraps = false;
  #snapshot: Snapshot | undefined;
  #changes = 0;
  #listChanges = 0;
  /** Lives of nodes that have said LEAVE. */
  readonly #gone = new Map<string, bigint>();
  /** Seen to fail elsewhere: out of use until the list is made anew. */
  readonly #suspects: Contact[] = [];

  constructor(self: Contact, r: number) {
    this.self = self;
    this.#r = r;
  }

  get phase(): Phase {
    return this.#phase;
  }

  set phase(phase: Phase) {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#touch();
  }

  get predecessor(): Contact | undefined {
    return this.#predecessor;
  }

  set predecessor(predecessor: Contact | undefined) {
    const before = this.#predecessor;
    if (predecessor === before) return;
    this.#predecessor = predecessor;
    this.#snapshot = undefined;
    if (predecessor === undefined || before === undefined || !isSame(predecessor, before)) this.#changes++;
  }

  /** Nobody may change it. */
  get list(): readonly Contact[] {
    return this.#list;
  }

  get wraps(): boolean {
    return this.#wraps;
  }

  get isFull(): boolean {
    return this.#list.length >= this.#r;
  }

  /** The list is empty and this node its own head. */
  get isAlone(): boolean {
    return this.#wraps && this.#list.length === 0;
  }

  get head(): Contact {
    return this.#list[0] ?? this.self;
  }

  get isInPlace(): boolean {
    return this.#phase === "MEMBER" || this.#phase === "FOUNDER";
  }

  /** Counts what changed; a newer record of the same life of a node is no change. */
  get changes(): number {
    return this.#changes;
  }

  /** Those of them that changed the list. */
  get listChanges(): number {
    return this.#listChanges;
  }

  #touch(): void {
    this.#changes++;
    this.#snapshot = undefined;
  }

  /** A ring of its own. */
  beginRing(): void {
    // r[ring.found]
    this.#wraps = true;
    this.phase = "FOUNDER";
  }

  /**
   * Makes the list of contacts, the first of whom has just answered. Answers the entry at which their order broke.
   * Only operations of this node call it.
   */
  makeList(first: Contact, rest: readonly Contact[]): Contact | undefined {
    const entries = [first];
    for (const entry of rest) if (!this.isOut(entry)) entries.push(entry);
    this.#suspects.length = 0;
    const { list, wraps, broken } = clean(this.self, entries, this.#r);
    // r[ring.wraps] mutate: `wraps || list.length === 0` => `!wraps`
    this.#setList(list, wraps || list.length === 0);
    return broken;
  }

  /** Takes an entry that has failed off the list; the last one leaves a ring of one. */
  dropEntry(contact: Contact): void {
    const list = this.#list.filter((entry) => entry !== contact);
    this.#setList(list, this.#wraps || list.length === 0);
  }

  #setList(list: readonly Contact[], wraps: boolean): void {
    const isChanged = wraps !== this.#wraps || !areSame(list, this.#list);
    this.#list = list;
    this.#wraps = wraps;
    this.#snapshot = undefined;
    if (isChanged) {
      this.#changes++;
      this.#listChanges++;
    }
    if (this.#phase === "FOUNDER" && this.isFull) this.phase = "MEMBER";
  }

  /** The entry of the list that is a node in this life. */
  entryOf(contact: Contact): Contact | undefined {
    for (const entry of this.#list) if (isSame(entry, contact)) return entry;
    return undefined;
  }

  /** Whether a node, in whatever life, is on the list or the predecessor. */
  isNeighbour({ key }: Contact): boolean {
    if (this.#predecessor?.key === key) return true;
    for (const entry of this.#list) if (entry.key === key) return true;
    return false;
  }

  /** A node has left: this life of it is not used any more. */
  setGone({ key, incarnation }: Contact): void {
    const [oldest] = this.#gone.keys();
    if (oldest !== undefined && this.#gone.size >= mostGone) this.#gone.delete(oldest);
    this.#gone.set(key, incarnation);
  }

  isGone({ key, incarnation }: Contact): boolean {
    return this.#gone.size > 0 && this.#gone.get(key) === incarnation;
  }

  setSuspect(contact: Contact): void {
    if (this.entryOf(contact) !== undefined && !this.isOut(contact)) this.#suspects.push(contact);
  }

  /** Whether an entry counts as failed without being asked. */
  isOut(contact: Contact): boolean {
    if (this.isGone(contact)) return true;
    for (const suspect of this.#suspects) if (isSame(suspect, contact)) return true;
    return false;
  }

  /** What STATE answers; the same object until something changes. */
  snapshot(): Snapshot {
    this.#snapshot ??= {
      phase: this.#phase,
      self: this.self,
      predecessor: this.#predecessor,
      successors: this.#list,
      wraps: this.#wraps,
    };
    return this.#snapshot;
  }

  /** What STEP answers. @param fingers further contacts. */
  step(target: Position, fingers: readonly Contact[], most: number): StepAnswer {
    const { self } = this;
    // r[step.owners]
    if (owned(self.position, target, this.head.position)) {
      // r[step.alone] mutate: `[self] :` => `[] :`
      return { owners: this.isAlone ? [self] : this.#list.slice(0, most), next: nobody };
    }
    const next: Contact[] = [];
    for (const contact of this.#list) this.#insert(next, contact, target, most);
    for (const contact of fingers) this.#insert(next, contact, target, most);
    return { owners: nobody, next };
  }

  /** Keeps the nearest contacts before a target. */
  #insert(next: Contact[], contact: Contact, target: Position, most: number): void {
    // r[step.next]
    if (!between(this.self.position, contact.position, target)) return;
    let at = next.length;
    for (; at > 0; at--) {
      const before = next[at - 1] as Contact;
      if (before.key === contact.key) return;
      if (between(contact.position, before.position, target)) break;
    }
    next.splice(at, 0, contact);
    if (next.length > most) next.pop();
  }
}

function areSame(a: readonly Contact[], b: readonly Contact[]): boolean {
  return a.length === b.length && a.every((entry, i) => isSame(entry, b[i] as Contact));
}
