// What of a successor list may be used. It only truncates, which is always safe: a shorter list skips nobody that the longer
// one did not.

import type { Contact } from "./contact.js";
import { between } from "./intervals.js";

export interface Cleaned {
  readonly list: readonly Contact[];
  /** The list ended at this node itself: after its last entry comes this node again. */
  readonly wraps: boolean;
}

/** The first `most` entries as long as each stands strictly farther from `self` than the one before; ends at `self`, in any life. */
export function clean(self: Contact, entries: readonly Contact[], most: number): Cleaned {
  const list: Contact[] = [];
  let last = self;
  let wraps = false;
  for (const entry of entries) {
    if (entry.key === self.key) {
      wraps = true;
      break;
    }
    if (
      entry.position.equals(self.position) ||
      (last !== self && !between(self.position, last.position, entry.position))
    )
      break;
    // A full list does not tell what comes after it.
    if (list.length >= most) break;
    list.push(entry);
    last = entry;
  }
  return { list, wraps };
}
