// Lookups that the application asks for: section 7.9. Carries the steps of each to the nodes and tells what came of it, hop
// by hop with its time. Where it goes next is the machine's business.

import { Lookup, type Contact, type LookupLimits, type Snapshot, type StepAnswer } from "../chord/index.js";
import type { RequestEvent } from "./outputs.js";

export interface LookupsContext {
  readonly self: Contact;
  readonly limits: LookupLimits;
  readonly askState: (to: Contact, done: (snapshot: Snapshot | undefined) => void) => void;
  readonly askStep: (to: Contact, target: Lookup["target"], done: (answer: StepAnswer | undefined) => void) => void;
  /** A contact has failed. */
  readonly failed: (contact: Contact) => void;
  readonly nodeIdOf: (contact: Contact) => Uint8Array;
  readonly emit: (event: RequestEvent) => void;
  /** Unix ms. */
  readonly now: () => number;
}

interface Running {
  readonly request: number;
  readonly lookup: Lookup;
  /** How long each node took to answer STEP, milliseconds. */
  readonly tookMs: Map<Contact, number>;
}

export class Lookups {
  readonly #context: LookupsContext;
  readonly #running = new Set<Running>();

  constructor(context: LookupsContext) {
    this.#context = context;
  }

  /** Begins a lookup. Answers what lets it go, once it is known where it begins. */
  start(request: number, target: Lookup["target"]): (begin: (lookup: Lookup) => void) => void {
    const { self, limits, now } = this.#context;
    const lookup = new Lookup({ self, target, limits }, now());
    const running = { request, lookup, tookMs: new Map<Contact, number>() };
    this.#running.add(running);
    return (begin) => this.#turn(running, () => begin(lookup));
  }

  /** Nobody waits for a lookup any more. */
  giveUp(request: number): void {
    for (const running of this.#running) if (running.request === request) this.#running.delete(running);
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
    if (lookup.isDone && this.#running.delete(running)) this.#tell(running);
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

  #tell({ request, lookup, tookMs }: Running): void {
    const { emit, nodeIdOf } = this.#context;
    const { result, failure = "UNREACHABLE" } = lookup;
    if (result === undefined) {
      const text = failure === "TIMEOUT" ? "the lookup took too long" : "nobody is left to ask";
      return emit({ type: "failed", request, code: failure, text });
    }
    const path = result.path.map((contact) => ({ nodeId: nodeIdOf(contact), ms: tookMs.get(contact) ?? 0 }));
    emit({ type: "owner", request, owner: nodeIdOf(result.owner), hops: path.length, path });
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
