// One round of stabilizing: section 7.5. Asks the head, or the first entry behind it that answers, walks back to whoever stands
// between, and notifies the head. The only operation beside joining and audits that makes the list.

import { isSame, type Contact } from "./contact.js";
import { between } from "./intervals.js";
import type { Asker } from "./requests.js";
import type { RingCore } from "./ring-core.js";
import { isPlaced, type Snapshot } from "./ring-types.js";

type Asked = "entry" | "before" | "alone";

/** Two contacts, of an audit that changed the head: the old one is expected on the list of the new one. */
export interface Replacement {
  readonly old: Contact;
  readonly by: Contact;
}

export class Stabilize implements Asker {
  readonly #core: RingCore;
  readonly #ended: (now: number) => void;
  #asked: Asked = "entry";
  /** Which entry is asked: those before it are leaving. */
  #at = 0;
  /** Nobody but leaving entries has answered: they will do. */
  #takesLeaving = false;
  #steps = 0;
  #replacement: Replacement | undefined;

  constructor(core: RingCore, ended: (now: number) => void) {
    this.#core = core;
    this.#ended = ended;
  }

  /** The next round looks whether an old head is known to the new one. */
  expect(replacement: Replacement): void {
    this.#replacement = replacement;
  }

  begin(now: number): void {
    const { state, requests } = this.#core;
    this.#at = 0;
    this.#steps = 0;
    this.#takesLeaving = false;
    if (!state.isAlone) return this.#askEntry(now);
    const { predecessor } = state;
    if (predecessor === undefined) return this.#ended(now);
    this.#asked = "alone";
    // r[ring.stabilize.alone]
    requests.askState(predecessor, this);
  }

  #askEntry(now: number): void {
    const { state, requests, passive } = this.#core;
    this.#asked = "entry";
    for (;;) {
      const entry = state.list[this.#at];
      if (entry === undefined) break;
      // r[ring.stabilize.failed]
      if (!state.isOut(entry)) return requests.askState(entry, this);
      state.dropEntry(entry);
      if (!state.isGone(entry)) passive.add(entry, now);
    }
    if (state.list.length === 0) return this.#ended(now);
    this.#at = 0;
    this.#takesLeaving = true;
    this.#askEntry(now);
  }

  receiveState(from: Contact, answer: Snapshot, now: number): void {
    if (this.#asked === "entry") return this.#receiveEntry(from, answer, now);
    if (!isPlaced(answer)) return this.fail(from, now);
    this.#core.makeList(answer.self, answer.successors);
    this.#walk(answer.predecessor, now);
  }

  #receiveEntry(from: Contact, answer: Snapshot, now: number): void {
    const { phase } = answer;
    // r[ring.stabilize.joining]
    if (phase === "JOINING") return this.fail(from, now);
    // r[ring.stabilize.leaving]
    if (phase === "LEAVING" && !this.#takesLeaving) {
      this.#at++;
      return this.#askEntry(now);
    }
    // r[ring.stabilize.head]
    this.#core.makeList(answer.self, answer.successors);
    this.#checkReplacement(answer);
    this.#walk(answer.predecessor, now);
  }

  /** After an audit: a new head that knows neither the old one nor anybody before it has not met its ring yet. */
  #checkReplacement({ self, successors }: Snapshot): void {
    const replacement = this.#replacement;
    this.#replacement = undefined;
    if (replacement === undefined || replacement.by.key !== self.key) return;
    const { old } = replacement;
    const isKnown = successors.some(
      ({ key, position }) => key === old.key || between(self.position, position, old.position),
    );
    if (!isKnown) this.#core.notify(old);
  }

  /** Asks the predecessor of the last one that answered, while it stands between. */
  #walk(before: Contact | undefined, now: number): void {
    const { state, requests, limits } = this.#core;
    if (before === undefined || state.isOut(before)) return this.#end(now);
    // r[ring.stabilize.walk] mutate: always
    if (!this.#isBetween(before)) return this.#end(now);
    // r[ring.stabilize.walk.most]
    if (this.#steps >= limits.RING_WALK) return this.#end(now);
    this.#steps++;
    this.#asked = "before";
    requests.askState(before, this);
  }

  #isBetween({ position }: Contact): boolean {
    const { self, state } = this.#core;
    return between(self.position, position, state.head.position);
  }

  fail(contact: Contact, now: number): void {
    const { state, passive } = this.#core;
    if (this.#asked === "before") return this.#end(now);
    if (this.#asked === "alone") {
      if (state.predecessor !== undefined && isSame(state.predecessor, contact)) state.predecessor = undefined;
      passive.add(contact, now);
      return this.#end(now);
    }
    state.setSuspect(contact);
    this.#askEntry(now);
  }

  #end(now: number): void {
    const { state } = this.#core;
    // r[ring.stabilize.notify]
    if (!state.isAlone) this.#core.notify(state.head);
    this.#ended(now);
  }

  cancel(): void {
    this.#core.requests.cancel(this);
  }
}
