// Who owned which arc a moment ago, as lookups have shown it: whoever reads or writes many keys asks the ring once for each arc.
// Nothing depends on it: a node that is asked and owns the position no more says so, and is looked up anew.

import { owned, type Contact, type Position } from "../../chord/index.js";
import type { ShownArc } from "../ring-service.js";

/** Arcs that are remembered: a search goes through all of them. */
const mostArcs = 64;

export class Arcs {
  readonly #keepMs: number;
  /** By the owner's key; the one that was shown last at the end. */
  readonly #arcs = new Map<string, { readonly arc: ShownArc; readonly shownAt: number }>();

  /** @param keepMs how long a lookup is believed. */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  note(arc: ShownArc, now: number): void {
    const [owner] = arc.owners;
    if (owner === undefined) return;
    this.#arcs.delete(owner.key);
    const [oldest] = this.#arcs.keys();
    if (oldest !== undefined && this.#arcs.size >= mostArcs) this.#arcs.delete(oldest);
    this.#arcs.set(owner.key, { arc, shownAt: now });
  }

  /** Owners of a position; undefined when they have to be looked up. */
  find(target: Position, now: number): readonly Contact[] | undefined {
    for (const [key, { arc, shownAt }] of this.#arcs) {
      if (now - shownAt > this.#keepMs) this.#arcs.delete(key);
      else if (owned(arc.after, target, arc.end)) return arc.owners;
    }
    return undefined;
  }

  /** A node does not own what it was believed to, or does not answer. */
  forget(owner: Contact): void {
    this.#arcs.delete(owner.key);
  }
}
