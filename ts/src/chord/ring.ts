// The ring's machine of one node.

import type { Contact } from "./contact.js";
import type { Position } from "./position.js";
import type { RingAnswer, RingContext, RingOutput, Snapshot, StepAnswer } from "./ring-types.js";

export class Ring {
  constructor(context: RingContext) {
    void context;
  }
  /** Begins a ring of its own. */
  found(now: number): void {
    void now;
  }
  /** Joins through nodes that are known from elsewhere; more may be told later. */
  join(contacts: readonly Contact[], now: number): void {
    void contacts;
    void now;
  }
  /** Leaves in an orderly way: `left` comes when it is done, after leaveMs in any case. */
  leave(now: number): void {
    void now;
  }
  receiveNotify(from: Contact, now: number): void {
    void from;
    void now;
  }
  receiveHint(from: Contact, now: number): void {
    void from;
    void now;
  }
  /** LEAVE came; the layer above answers it at once. */
  receiveLeave(from: Contact, now: number): void {
    void from;
    void now;
  }
  /** The layer above saw a node fail. */
  suspect(contact: Contact, now: number): void {
    void contact;
    void now;
  }
  /** A node worth knowing: a bootstrap, one met elsewhere. */
  remember(contact: Contact, now: number): void {
    void contact;
    void now;
  }
  /** A request was answered; by its type. */
  answered(handle: number, answer: RingAnswer, now: number): void {
    void handle;
    void answer;
    void now;
  }
  failed(handle: number, now: number): void {
    void handle;
    void now;
  }
  wake(now: number): void {
    void now;
  }
  get deadline(): number {
    return Infinity;
  }
  poll(): RingOutput | undefined {
    return undefined;
  }
  /** What STATE answers. The same object until something changes. */
  snapshot(): Snapshot {
    throw new Error();
  }
  /** What STEP answers; undefined while this node is no member: BUSY. */
  step(target: Position): StepAnswer | undefined {
    void target;
    return undefined;
  }
  /** Successors of a reply that an operation still holds and may adopt (join): they count as a reply in flight. */
  get held(): Snapshot | undefined {
    return undefined;
  }
}
