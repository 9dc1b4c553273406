// On how many nodes the chains of a key lie, as far as a member can tell from its own list: r[table.put.acknowledged] wants
// PUT_NODES of them, and arcs that change can make groups overlap.

import { owned } from "../intervals.js";
import type { Contact } from "../contact.js";
import type { Position } from "../position.js";
import type { Snapshot } from "../ring-types.js";

/** In larger rings groups overlap so rarely that the check of each record is soon enough. */
const mostMembers = 64;

/** About how many members the ring has. */
function sizeOf({ self, successors, wraps }: Snapshot): number {
  const last = successors.at(-1);
  if (wraps || last === undefined) return successors.length + 1;
  const circle = 2 ** 48;
  const covered = (last.position.high - self.position.high + circle) % circle;
  return (successors.length * circle) / Math.max(1, covered);
}

/** Whether groups may well overlap. */
export function isSmall(snapshot: Snapshot): boolean {
  return sizeOf(snapshot) <= mostMembers;
}

/** Node ids in hex of those that are to hold a key whose chains have `copies`; undefined when the list is not the whole ring. */
export function holdersOf(
  snapshot: Snapshot,
  positions: readonly Position[],
  copies: number,
): ReadonlySet<string> | undefined {
  if (!snapshot.wraps) return undefined;
  const members: readonly Contact[] = [snapshot.self, ...snapshot.successors];
  const nodes = new Set<string>();
  for (const position of positions) {
    const owner = members.findIndex(({ position: end }, i) => {
      const before = members.at(i - 1) ?? snapshot.self;
      return members.length === 1 || owned(before.position, position, end);
    });
    for (let i = 0; i < copies; i++) nodes.add((members[(owner + i) % members.length] as Contact).key);
  }
  return nodes;
}
