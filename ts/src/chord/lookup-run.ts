// A lookup of the ring's own, driven by the machine's requests: of the own position or of a finger. One at a time.

import type { Contact } from "./contact.js";
import { Lookup, type LookupWish } from "./lookup.js";
import type { Asker, RequestType } from "./requests.js";
import type { RingCore } from "./ring-core.js";
import type { Snapshot, StepAnswer } from "./ring-types.js";

export type LookupEnd = (lookup: Lookup, now: number) => void;

export class LookupRun implements Asker {
  readonly #core: RingCore;
  readonly #end: LookupEnd;
  #lookup: Lookup | undefined;

  /** @param end is told of each lookup that has ended. */
  constructor(core: RingCore, end: LookupEnd) {
    this.#core = core;
    this.#end = end;
  }

  get isUnderWay(): boolean {
    return this.#lookup !== undefined;
  }

  get deadline(): number {
    return this.#lookup?.deadline ?? Infinity;
  }

  /** Looks up through one contact. */
  beginAt(contact: Contact, wish: Pick<LookupWish, "target" | "isForPredecessor">, now: number): void {
    this.#begin(wish, now).beginAt([contact]);
    this.#pump(now);
  }

  /** Looks up as a node that has its place, beginning with its own answer. */
  beginWith(answer: StepAnswer, wish: Pick<LookupWish, "target" | "isForPredecessor">, now: number): void {
    this.#begin(wish, now).beginWith(answer, this.#core.state.list);
    this.#pump(now);
  }

  #begin(wish: Pick<LookupWish, "target" | "isForPredecessor">, now: number): Lookup {
    this.cancel();
    const { self, limits } = this.#core;
    return (this.#lookup = new Lookup({ self, limits, ...wish }, now));
  }

  receiveStep(from: Contact, answer: StepAnswer, now: number): void {
    this.#lookup?.receiveStep(from, answer);
    this.#pump(now);
  }

  receiveState(from: Contact, answer: Snapshot, now: number): void {
    this.#lookup?.receiveState(from, answer);
    this.#pump(now);
  }

  fail(contact: Contact, now: number, asked: RequestType): void {
    if (asked !== "leave") this.#lookup?.fail(contact, asked);
    this.#pump(now);
  }

  wake(now: number): void {
    if (now < this.deadline) return;
    this.#lookup?.wake(now);
    this.#pump(now);
  }

  cancel(): void {
    if (this.#lookup === undefined) return;
    this.#lookup = undefined;
    this.#core.requests.cancel(this);
  }

  #pump(now: number): void {
    const lookup = this.#lookup;
    if (lookup === undefined) return;
    for (let output = lookup.poll(); output !== undefined; output = lookup.poll()) {
      if (output.type === "step") this.#core.requests.askStep(output.to, output.target, this);
      else this.#core.requests.askState(output.to, this);
    }
    if (!lookup.isDone) return;
    this.cancel();
    this.#end(lookup, now);
  }
}
