// Lookups that the application asks for, itself or through the table: section 7.9. Carries the steps of each to the nodes and
// tells what came of it, hop by hop with its time. Where it goes next is the machine's business.

import { Lookup, type Contact, type LookupLimits, type Snapshot, type StepAnswer } from "../chord/index.js";

export interface LookupsContext {
  readonly self: Contact;
  readonly limits: LookupLimits;
  readonly askState: (to: Contact, done: (snapshot: Snapshot | undefined) => void) => void;
  readonly askStep: (to: Contact, target: Lookup["target"], done: (answer: StepAnswer | undefined) => void) => void;
  /** A contact has failed. */
  readonly failed: (contact: Contact) => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** Hears once of a lookup that has ended, and how long each node took to answer STEP, milliseconds. */
export type LookedUp = (lookup: Lookup, tookMs: ReadonlyMap<Contact, number>) => void;

interface Running {
  readonly done: LookedUp;
  readonly lookup: Lookup;
  /** How long each node took to answer STEP, milliseconds. */
  readonly tookMs: Map<Contact, number>;
}

export interface StartedLookup {
  readonly go: (begin: (lookup: Lookup) => void) => void;
  readonly giveUp: () => void;
}

export class Lookups {
  readonly #context: LookupsContext;
  readonly #running = new Set<Running>();

  constructor(context: LookupsContext) {
    this.#context = context;
  }

  /**
   * Begins a lookup. `go` lets it go, once it is known where it begins; `giveUp` when nobody waits for it any more.
   * @param isForPredecessor no owner is asked whether it is one.
   */
  start(target: Lookup["target"], isForPredecessor: boolean, done: LookedUp): StartedLookup {
    const { self, limits, now } = this.#context;
    const lookup = new Lookup({ self, target, limits, isForPredecessor }, now());
    const running = { done, lookup, tookMs: new Map<Contact, number>() };
    this.#running.add(running);
    return {
      go: (begin) => this.#turn(running, () => begin(lookup)),
      giveUp: () => void this.#running.delete(running),
    };
  }

  #turn(running: Running, run: () => void): void {
    if (!this.#running.has(running)) return;
    run();
    this.#goOn(running);
  }

  #goOn(running: Running): void {
    const { lookup } = running;
    for (let output = lookup.poll(); output !== undefined; output = lookup.poll()) {
      if (output.type === "step") this.#step(running, output.to);
      else this.#state(running, output.to);
    }
    if (lookup.isDone && this.#running.delete(running)) running.done(lookup, running.tookMs);
  }

  #step(running: Running, to: Contact): void {
    const { askStep, now } = this.#context;
    const { lookup, tookMs } = running;
    const askedAt = now();
    askStep(to, lookup.target, (answer) => {
      tookMs.set(to, now() - askedAt);
      if (answer === undefined) this.#context.failed(to);
      this.#turn(running, () => (answer === undefined ? lookup.fail(to, "step") : lookup.receiveStep(to, answer)));
    });
  }

  #state(running: Running, to: Contact): void {
    const { lookup } = running;
    this.#context.askState(to, (snapshot) => {
      // r[ring.incarnation] also mutate: `snapshot.self.incarnation === to.incarnation` => `true`
      const isThere = snapshot !== undefined && snapshot.self.incarnation === to.incarnation;
      if (!isThere) this.#context.failed(to);
      this.#turn(running, () => (isThere ? lookup.receiveState(to, snapshot) : lookup.fail(to, "state")));
    });
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    let due = Infinity;
    for (const { lookup } of this.#running) due = Math.min(due, lookup.deadline);
    return due;
  }

  wake(now: number): void {
    for (const running of Array.from(this.#running)) this.#turn(running, () => running.lookup.wake(now));
  }
}
