// What of a successor list may be used: section 7.3. It only cuts, which is always safe: a shorter list skips nobody that the
// longer one did not.

import type { Contact } from "./contact.js";
import { between } from "./intervals.js";

export interface Cleaned {
  readonly list: Contact[];
  /** The first entry that was cut is the node itself: after the last one comes this node again. */
  readonly wraps: boolean;
  /** The entry at which the order broke. */
  readonly broken: Contact | undefined;
}

/** Cleans contacts, the nearest first, as a list of `self` with at most `most` entries. */
export function clean(self: Contact, entries: readonly Contact[], most: number): Cleaned {
  const list: Contact[] = [];
  let last: Contact | undefined;
  for (const entry of entries) {
    // r[ring.clean.self] mutate: `entry.key === self.key` => `entry === self`
    if (entry.key === self.key) return { list, wraps: true, broken: undefined };
    // r[ring.clean.length]
    if (list.length >= most) break;
    // r[ring.clean.order]
    if (!isFarther(self, entry, last)) return { list, wraps: false, broken: entry };
    list.push(entry);
    last = entry;
  }
  return { list, wraps: false, broken: undefined };
}

/** Whether an entry is farther forward from a node than the one before it, or than the node itself. */
function isFarther(self: Contact, entry: Contact, before: Contact | undefined): boolean {
  if (before === undefined) return !entry.position.equals(self.position);
  return between(before.position, entry.position, self.position);
}
