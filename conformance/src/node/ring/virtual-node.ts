// One virtual node: who it is, where on the circle, and what a scenario wants it to do otherwise than a right node.
import type { RecordChange, RingNodeChange } from "../scenario.js";
import type { Identity } from "../identity.js";
import type { RingSession } from "./ring-session.js";

export interface VirtualNode {
  /** The name by which reports call it: the nearer one of `after…` and `before…`. */
  readonly name: string;
  readonly identity: Identity;
  readonly position: bigint;
  present: boolean;
  change: Omit<RingNodeChange, "present" | "record" | "listed">;
  record: RecordChange;
  listed: RecordChange;
  session: RingSession | undefined;
}

export function makeVirtualNode(name: string, identity: Identity, position: bigint): VirtualNode {
  return { name, identity, position, present: true, change: {}, record: {}, listed: {}, session: undefined };
}
