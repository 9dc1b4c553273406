// Looks up one finger after each round of stabilizing: section 7.10. Beside the operations; one that takes long costs only a
// turn of the others.

import type { Lookup } from "./lookup.js";
import { LookupRun } from "./lookup-run.js";
import type { RingCore } from "./ring-core.js";

export class FingerRefresh {
  readonly #core: RingCore;
  readonly #search: LookupRun;
  /** Of the finger that is looked up. */
  #index = 0;

  constructor(core: RingCore) {
    this.#core = core;
    this.#search = new LookupRun(core, (lookup) => this.#receiveLookup(lookup));
  }

  get deadline(): number {
    return this.#search.deadline;
  }

  begin(now: number): void {
    const { state, fingers, limits } = this.#core;
    if (this.#search.isUnderWay) return;
    const due = fingers.due(state);
    if (due === undefined) return;
    this.#index = due.index;
    const answer = state.step(due.target, fingers.contacts, limits.STEP_RECORDS);
    this.#search.beginWith(answer, { target: due.target }, now);
  }

  wake(now: number): void {
    this.#search.wake(now);
  }

  cancel(): void {
    this.#search.cancel();
  }

  #receiveLookup({ result }: Lookup): void {
    const { fingers, self } = this.#core;
    if (result !== undefined && result.owner.key !== self.key) fingers.set(this.#index, result.owner);
  }
}
