// Predecessors: section 7.6. NOTIFY changes the predecessor and nothing else; one that is not nearer takes the place only of
// one that does not answer, so that is asked: at most one such question at a time, apart from the operations.

import { isSame, type Contact } from "./contact.js";
import { between } from "./intervals.js";
import type { Asker } from "./requests.js";
import type { RingCore } from "./ring-core.js";
import type { Snapshot } from "./ring-types.js";

export class Rectify implements Asker {
  readonly #core: RingCore;
  /** Takes the place of the predecessor that is being asked, if that has failed. */
  #heir: Contact | undefined;

  constructor(core: RingCore) {
    this.#core = core;
  }

  receiveNotify(from: Contact): void {
    const { state, self, requests, outputs } = this.#core;
    const { predecessor } = state;
    // r[ring.notify.none]
    if (predecessor === undefined) return this.#set(from);
    if (predecessor.key === from.key) {
      if (from.incarnation >= predecessor.incarnation) this.#set(from);
      return;
    }
    // r[ring.notify.nearer]
    if (between(predecessor.position, from.position, self.position)) {
      // r[ring.notify.hint]
      outputs.push({ type: "hint", to: predecessor });
      return this.#set(from);
    }
    const heir = this.#heir;
    if (heir === undefined) {
      this.#heir = from;
      // r[ring.notify.failed]
      requests.askState(predecessor, this);
    } else if (heir.key === from.key || between(heir.position, from.position, self.position)) {
      this.#heir = from;
    }
  }

  #set(predecessor: Contact): void {
    const { state } = this.#core;
    const before = state.predecessor;
    // r[ring.list.own] mutate: `state.predecessor = predecessor` => `state.predecessor = state.makeList(predecessor, []) ?? predecessor`
    state.predecessor = predecessor;
    if (before === undefined || !isSame(before, predecessor)) this.cancel();
  }

  receiveState(from: Contact, { phase }: Snapshot): void {
    // r[ring.notify.kept]
    if (phase !== "JOINING") this.#heir = undefined;
    else this.fail(from);
  }

  fail(contact: Contact): void {
    const heir = this.#heir;
    this.#heir = undefined;
    const { state } = this.#core;
    if (heir === undefined || state.predecessor === undefined || !isSame(state.predecessor, contact)) return;
    state.predecessor = state.isGone(heir) ? undefined : heir;
  }

  /** The predecessor is not any more: the heir stands alone. */
  drop(contact: Contact): void {
    const { state } = this.#core;
    if (this.#heir !== undefined && isSame(this.#heir, contact)) this.#heir = undefined;
    if (state.predecessor === undefined || !isSame(state.predecessor, contact)) return;
    state.predecessor = this.#heir;
    this.cancel();
  }

  cancel(): void {
    if (this.#heir === undefined) return;
    this.#heir = undefined;
    this.#core.requests.cancel(this);
  }
}
