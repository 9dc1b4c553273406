// What a member owns of the ring by what it knows of it: section 8.4.

import { owned } from "../intervals.js";
import type { Contact } from "../contact.js";
import type { Position } from "../position.js";
import { isPlaced, type Snapshot } from "../ring-types.js";

/** Whether the node owns a position. */
export function owns(snapshot: Snapshot, position: Position): boolean {
  const { self, predecessor, successors } = snapshot;
  // r[table.owned]
  if (!isPlaced(snapshot)) return false;
  if (predecessor === undefined) return successors.length === 0;
  return owned(predecessor.position, position, self.position);
}

/** Whom this node asks for a position that it owns: itself, then those after it. Undefined for another's. */
export function ownersHere(snapshot: Snapshot, position: Position): readonly Contact[] | undefined {
  return owns(snapshot, position) ? [snapshot.self, ...snapshot.successors] : undefined;
}

/** The node behind this one: itself when it is alone. */
export function headOf({ self, successors }: Snapshot): Contact {
  return successors[0] ?? self;
}

/** Whether the chain of a position has come round at this node: the one behind it is its owner. */
export function headOwns(snapshot: Snapshot, position: Position): boolean {
  return owned(snapshot.self.position, position, headOf(snapshot).position);
}
