// Contacts that are remembered beside the list: those that were on it and failed, and those with which this node was told to
// begin. Through them two rings that lost each other meet again. Knows when each may be tried; the audit tries.

import type { Contact } from "./contact.js";
import type { Draws } from "./draws.js";
import type { RingLimits } from "./ring-types.js";

interface Remembered {
  readonly contact: Contact;
  /** Unix ms. */
  readonly until: number;
  /** When it may be tried again, unix ms. */
  tryAt: number;
  waitMs: number;
}

export class Passive {
  readonly #limits: RingLimits;
  readonly #draws: Draws;
  /** The oldest first. */
  #remembered: Remembered[] = [];
  #first: Contact | undefined;
  /** Out of place on a list: the last one of them. */
  #stranger: Contact | undefined;

  constructor(limits: RingLimits, draws: Draws) {
    this.#limits = limits;
    this.#draws = draws;
  }

  /** Remembers a contact for a while; a node once, in its newest life. */
  add(contact: Contact, now: number): void {
    // r[ring.remember]
    this.#put(contact, now + this.#limits.RING_PASSIVE_KEEP_MS, now);
  }

  /** Remembers a contact for ever. */
  keep(contact: Contact, now: number): void {
    this.#put(contact, Infinity, now);
  }

  /** Remembers a contact, and that it is the one to be tried next. */
  addFirst(contact: Contact, now: number): void {
    this.add(contact, now);
    this.#first = contact;
  }

  /** Remembers one contact that stood out of place on another node's list, until it is tried. */
  noteStranger(contact: Contact): void {
    this.#stranger = contact;
  }

  #put(contact: Contact, until: number, now: number): void {
    const at = this.#remembered.findIndex((known) => known.contact.key === contact.key);
    const before = this.#remembered[at];
    if (before !== undefined) {
      if (before.contact.incarnation > contact.incarnation) return;
      this.#remembered.splice(at, 1);
    } else if (this.#remembered.length >= this.#limits.RING_PASSIVE) this.#dropOne();
    const lasts = Math.max(until, before?.until ?? 0);
    this.#remembered.push({ contact, until: lasts, tryAt: now, waitMs: this.#limits.RING_STABILIZE_MS });
  }

  /** The oldest one that is not kept for ever, or the oldest. */
  #dropOne(): void {
    const at = this.#remembered.findIndex(({ until }) => until < Infinity);
    this.#remembered.splice(Math.max(0, at), 1);
  }

  /** A node has left for good. */
  forget({ key }: Contact): void {
    this.#remembered = this.#remembered.filter(({ contact, until }) => contact.key !== key || until === Infinity);
    if (this.#first?.key === key) this.#first = undefined;
  }

  /** A contact was tried in vain: it is left alone for a time that grows. */
  noteFailure({ key }: Contact, now: number): void {
    for (const known of this.#remembered) {
      if (known.contact.key !== key) continue;
      known.tryAt = now + this.#draws.around(known.waitMs);
      known.waitMs = Math.min(2 * known.waitMs, this.#limits.RING_AUDIT_MS);
    }
  }

  /**
   * A contact to go through, at random among those remembered and some others.
   * @param isUrgent those that failed lately will do too.
   */
  pick(
    others: readonly Contact[],
    mayBe: (contact: Contact) => boolean,
    now: number,
    isUrgent: boolean,
  ): Contact | undefined {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined && mayBe(first)) return first;
    const stranger = this.#stranger;
    this.#stranger = undefined;
    let picked = stranger !== undefined && mayBe(stranger) ? stranger : undefined;
    let seen = picked === undefined ? 0 : 1;
    for (const { contact, until, tryAt } of this.#remembered) {
      if (until <= now || (tryAt > now && !isUrgent) || !mayBe(contact)) continue;
      if (this.#draws.below(++seen) === 0) picked = contact;
    }
    for (const contact of others) {
      if (mayBe(contact) && this.#draws.below(++seen) === 0) picked = contact;
    }
    return picked;
  }
}
