// Which of two sessions of one pair of nodes stays: section 3.5. Both ends see the same facts and decide alike.

import { compareBytes } from "../bytes/index.js";
import type { Session } from "../session/index.js";

/** Facts that decide between rivals. */
interface Standing {
  readonly incarnation: bigint;
  /** Node id of the side that dialled. */
  readonly dialler: Uint8Array;
  readonly counter: bigint;
}

function standingOf(session: Session, ownId: Uint8Array): Standing {
  const peer = session.peer;
  const hello = session.peerHello;
  if (peer === undefined || hello === undefined) throw new Error("a rival without a proven peer");
  const dialled = session.info.role === "initiator";
  return {
    incarnation: peer.incarnation,
    dialler: dialled ? ownId : peer.nodeId,
    counter: dialled ? BigInt(session.info.dialCounter) : hello.dialCounter,
  };
}

/** Whether `later` takes the place of `earlier`, which became READY before it. */
export function replaces(later: Session, earlier: Session, ownId: Uint8Array): boolean {
  const a = standingOf(later, ownId);
  const b = standingOf(earlier, ownId);
  // r[session.duplicate.incarnation]
  if (a.incarnation !== b.incarnation) return a.incarnation > b.incarnation;
  const order = compareBytes(a.dialler, b.dialler);
  // r[session.duplicate.dialler]
  if (order !== 0) return order < 0;
  // r[session.duplicate.tie] mutate: `a.counter > b.counter` => `a.counter >= b.counter`
  // r[session.duplicate.counter] mutate: `a.counter > b.counter` => `a.counter < b.counter`
  return a.counter > b.counter;
}
