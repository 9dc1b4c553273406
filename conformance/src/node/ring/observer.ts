// Somebody who is no member and asks a node of the testee what it knows: its session is made once and kept.
import { completeHandshake, dialPeer } from "../handshake.js";
import type { Stage, TesteeNode } from "../stage.js";
import { RingSession } from "./ring-session.js";

const observers = new WeakMap<TesteeNode, RingSession>();

/** The session of the observer of a node. */
export async function observerOf(stage: Stage, node: TesteeNode): Promise<RingSession> {
  const found = observers.get(node);
  if (found !== undefined && !found.isOver) return found;
  const peer = await dialPeer(stage, { peer: "the observer", as: "observer", node: node.name });
  await completeHandshake(stage, peer, { up: false });
  const made = new RingSession(peer, stage.waitMs, () => undefined).begin();
  observers.set(node, made);
  return made;
}
