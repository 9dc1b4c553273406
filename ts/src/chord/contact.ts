// A node as the ring sees it: who, where, in which life. Its record is a handle that the layer above gave and understands.

import type { Position } from "./position.js";

export interface Contact {
  /** The node id in hex. */
  readonly key: string;
  readonly position: Position;
  /** Which life of the node this is; pointers to an older one are dead. */
  readonly incarnation: bigint;
  /** Whatever the layer above needs to reach the node and to name it to others. */
  readonly record: unknown;
}

/** Whether two contacts are one node in one life. */
export function isSame(a: Contact, b: Contact): boolean {
  return a === b || (a.key === b.key && a.incarnation === b.incarnation);
}

/** Whether a node in this very life is on a list. */
export function includes(list: readonly Contact[], contact: Contact): boolean {
  for (const entry of list) if (isSame(entry, contact)) return true;
  return false;
}
