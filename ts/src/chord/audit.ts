// Audits: section 7.8. No rule among neighbours can tell one of two rings that there is another; a lookup of the own position
// through somebody else can. The lookup runs beside the operations. What it has found becomes the head in an operation.

import type { Contact } from "./contact.js";
import { between } from "./intervals.js";
import type { Lookup } from "./lookup.js";
import { LookupRun } from "./lookup-run.js";
import type { Asker } from "./requests.js";
import type { RingCore } from "./ring-core.js";
import { isPlaced, type Snapshot } from "./ring-types.js";
import type { Stabilize } from "./stabilize.js";

export class Audit implements Asker {
  readonly #core: RingCore;
  readonly #stabilize: Stabilize;
  readonly #ended: () => void;
  readonly #search: LookupRun;
  #through: Contact | undefined;
  #found: Contact | undefined;

  /** @param ended is told when the operation, `adopt`, is over. */
  constructor(core: RingCore, stabilize: Stabilize, ended: () => void) {
    this.#core = core;
    this.#stabilize = stabilize;
    this.#ended = ended;
    this.#search = new LookupRun(core, (lookup, now) => this.#receiveLookup(lookup, now));
  }

  get deadline(): number {
    return this.#search.deadline;
  }

  get isUnderWay(): boolean {
    return this.#search.isUnderWay || this.#found !== undefined;
  }

  /** Somebody waits to be adopted. */
  get hasFound(): boolean {
    return this.#found !== undefined;
  }

  begin(now: number): void {
    const { state, passive, fingers, self } = this.#core;
    if (this.isUnderWay) return;
    // r[ring.audit.through] mutate: `!state.isNeighbour(contact)` => `true`
    const mayBe = (contact: Contact): boolean => !state.isNeighbour(contact) && contact.key !== self.key;
    this.#through = passive.pick(fingers.contacts, mayBe, now, state.isAlone);
    if (this.#through !== undefined) this.#search.beginAt(this.#through, { target: self.position }, now);
  }

  wake(now: number): void {
    this.#search.wake(now);
  }

  #receiveLookup({ result }: Lookup, now: number): void {
    const { self, passive } = this.#core;
    if (this.#through !== undefined && result === undefined) passive.noteFailure(this.#through, now);
    if (result === undefined || result.owner.key === self.key) return;
    this.#found = result.owner;
  }

  /** The operation: makes the one that was found the head, if it stands nearer. */
  adopt(): void {
    const found = this.#found;
    if (found === undefined) return this.#end();
    // r[ring.audit.adopt]
    if (this.#isNearer(found)) return this.#core.requests.askState(found, this);
    // r[ring.audit.notify]
    this.#core.notify(found);
    this.#end();
  }

  #isNearer({ position }: Contact): boolean {
    const { state, self } = this.#core;
    return between(self.position, position, state.head.position);
  }

  receiveState(_from: Contact, answer: Snapshot, now: number): void {
    const { state, passive } = this.#core;
    if (isPlaced(answer)) {
      const old = state.list[0];
      this.#core.makeList(answer.self, answer.successors);
      if (old !== undefined) {
        passive.addFirst(old, now);
        this.#stabilize.expect({ old, by: answer.self });
      }
    }
    // r[ring.audit.notify] also
    this.#core.notify(answer.self);
    this.#end();
  }

  fail(contact: Contact, now: number): void {
    this.#core.passive.noteFailure(contact, now);
    this.#end();
  }

  #end(): void {
    this.#found = undefined;
    this.#ended();
  }

  cancel(): void {
    this.#search.cancel();
    this.#core.requests.cancel(this);
    this.#found = undefined;
  }
}
