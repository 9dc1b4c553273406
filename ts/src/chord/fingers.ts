// Fingers: section 7.10. Owners of positions at doubling distances, as short cuts for lookups. Hints alone: they never touch
// the ring, and one that fails is dropped.

import type { Contact } from "./contact.js";
import { owned } from "./intervals.js";
import type { Position } from "./position.js";
import type { RingState } from "./ring-state.js";

const farthest = 255;

export interface Finger {
  /** Its start is the node's position + 2^index. */
  readonly index: number;
  readonly contact: Contact;
}

/** A finger that is due to be looked up. */
export interface FingerStart {
  readonly index: number;
  readonly target: Position;
}

export class Fingers {
  #held: Finger[] = [];
  #contacts: readonly Contact[] | undefined = [];
  #next = farthest;

  get held(): readonly Finger[] {
    return this.#held;
  }

  /** Each node once. */
  get contacts(): readonly Contact[] {
    this.#contacts ??= [...new Map(this.#held.map(({ contact }) => [contact.key, contact])).values()];
    return this.#contacts;
  }

  /** The next one, from the farthest down to those that the list makes needless. */
  due({ self, list, wraps }: RingState): FingerStart | undefined {
    const last = list.at(-1);
    if (last === undefined || wraps) return undefined;
    for (let tries = 0; tries < 2; tries++) {
      const index = this.#next;
      // r[ring.finger.start] mutate: `plusPowerOfTwo(index)` => `plusPowerOfTwo(255 - index)`
      const target = self.position.plusPowerOfTwo(index);
      if (!owned(self.position, target, last.position)) {
        this.#next = index === 0 ? farthest : index - 1;
        return { index, target };
      }
      this.#keep((finger) => finger.index > index);
      this.#next = farthest;
    }
    return undefined;
  }

  set(index: number, contact: Contact): void {
    this.#keep((finger) => finger.index !== index);
    // r[finger.keep]
    this.#held.push({ index, contact });
  }

  /** A node has failed or left. */
  drop({ key }: Contact): void {
    if (this.#held.some(({ contact }) => contact.key === key)) this.#keep(({ contact }) => contact.key !== key);
  }

  #keep(mayStay: (finger: Finger) => boolean): void {
    this.#held = this.#held.filter(mayStay);
    this.#contacts = undefined;
  }
}
