// Somebody who is no member and asks a node of the testee what it knows: its session is made once and kept.
import { decodeMessage } from "../../golden/index.js";
import { completeHandshake, dialPeer } from "../handshake.js";
import type { Stage, TesteeNode } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { RingSession } from "./ring-session.js";

const MEMBER = 3;

const observers = new WeakMap<TesteeNode, RingSession>();

/** The session of the observer of a node. */
export async function observerOf(stage: Stage, node: TesteeNode): Promise<RingSession> {
  const found = observers.get(node);
  if (found !== undefined && !found.isOver) return found;
  const peer = await dialPeer(stage, { peer: "the observer", as: "observer", node: node.name });
  await completeHandshake(stage, peer, { up: false });
  if (stage.scenario.member === true) checkMember(peer.theirHello ?? new Uint8Array());
  const made = new RingSession(peer, stage.waitMs, () => undefined).begin();
  observers.set(node, made);
  return made;
}

/** Who takes part in the ring says so in HELLO too: 7.2. */
function checkMember(hello: Uint8Array): void {
  const features = decodeMessage("Hello", hello)["features"] as readonly number[];
  if (!features.includes(MEMBER))
    throw new StepFailure("MEMBER among the features in HELLO", features.join(", ") || "none");
}
