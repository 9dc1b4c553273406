// Whom a node tells to stabilize at the end of a round: the node before it, when it has joined and when the round has changed its
// list. So news travel back along the ring by themselves, also while everybody is quiet. Nothing rests on a HINT: without it news
// only take longer.

import type { Contact } from "./contact.js";
import type { RingCore } from "./ring-core.js";

export class Hints {
  readonly #core: RingCore;
  #owed: Contact | undefined;
  /** Changes of the list that the node before knows of, or will find. */
  #changes = 0;

  constructor(core: RingCore) {
    this.#core = core;
  }

  /** This node has joined behind another one, which hears of it when this one has notified its head: then it finds it there. */
  owe(before: Contact): void {
    this.#owed = before;
  }

  roundEnded(): void {
    const { state, outputs } = this.#core;
    // r[ring.hint.back] mutate: `state.listChanges !== this.#changes` => `false`
    const isNews = state.listChanges !== this.#changes;
    this.#changes = state.listChanges;
    const to = this.#owed ?? (isNews ? state.predecessor : undefined);
    this.#owed = undefined;
    // r[ring.join.hint]
    if (to !== undefined) outputs.push({ type: "hint", to });
  }
}
