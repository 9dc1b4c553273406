// Steps that make, prove and end connections.
import { errorNumberOf, fromHex, toHex } from "../../golden/index.js";
import * as friendly from "../handshake.js";
import { sendHello } from "../hello.js";
import { changePayload } from "../payload.js";
import { sendProof } from "../proof.js";
import type { StepOf } from "../scenario.js";
import type { Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { commandOf, layMessage } from "../../golden/index.js";

export async function start(stage: Stage, step: StepOf<"start">): Promise<void> {
  await stage.startNode(step.node, step.limits, step);
}

export async function connect(stage: Stage, step: StepOf<"connect">): Promise<void> {
  await friendly.connectPeer(stage, step);
}

export async function accept(stage: Stage, step: StepOf<"accept">): Promise<void> {
  await friendly.acceptPeer(stage, step);
}

/** One node of the testee dials another one. */
export async function link(stage: Stage, step: StepOf<"link">): Promise<void> {
  const [from, to] = [stage.node(step.node), stage.node(step.to)];
  await stage.command("node.dial", { node: from.handle, address: to.address, nodeId: toHex(to.identity.nodeId) });
  for (const [node, peer] of [[from, to] as const, [to, from] as const]) {
    const wanted = toHex(peer.identity.nodeId);
    const fits = (event: Readonly<Record<string, unknown>>): boolean =>
      event["event"] === "peer.up" && event["node"] === node.handle && event["peer"] === wanted;
    if ((await stage.event(fits)) === undefined) {
      throw new StepFailure(`peer.up of ${peer.name} at ${node.name}`, stage.waitingText());
    }
  }
}

export async function preface(stage: Stage, step: StepOf<"preface">): Promise<void> {
  const peer = stage.peer(step.peer);
  if (step.bytes === undefined) return friendly.ensurePreface(peer);
  peer.ownPreface = fromHex(step.bytes);
  await peer.link.write(peer.ownPreface);
}

export async function hello(stage: Stage, step: StepOf<"hello">): Promise<void> {
  const peer = stage.peer(step.peer);
  await friendly.ensurePreface(peer);
  await sendHello(stage, peer, step);
}

export async function proof(stage: Stage, step: StepOf<"proof">): Promise<void> {
  const peer = stage.peer(step.peer);
  await friendly.ensureTheirHello(stage, peer);
  if (peer.role === 0) await friendly.ensureTheirProof(stage, peer);
  await friendly.ensureHello(stage, peer);
  await sendProof(stage, peer, step);
}

export async function expectHello(stage: Stage, step: StepOf<"expectHello">): Promise<void> {
  await friendly.ensureTheirHello(stage, stage.peer(step.peer));
}

export async function expectProof(stage: Stage, step: StepOf<"expectProof">): Promise<void> {
  await friendly.ensureTheirProof(stage, stage.peer(step.peer));
}

export async function handshake(stage: Stage, step: StepOf<"handshake">): Promise<void> {
  await friendly.completeHandshake(stage, stage.peer(step.peer), step);
}

export async function peers(stage: Stage, step: StepOf<"peers">): Promise<void> {
  for (const peer of step.peers) await friendly.completeHandshake(stage, await friendly.connectPeer(stage, { peer }));
}

export async function goodbye(stage: Stage, step: StepOf<"goodbye">): Promise<void> {
  const code = typeof step.code === "number" ? step.code : errorNumberOf(step.code);
  const payload = changePayload(layMessage("Goodbye", { code, text: step.text ?? "" }), step);
  await stage.peer(step.peer).link.writeFrame({ command: commandOf("GOODBYE"), payload });
}

export async function leave(stage: Stage, step: StepOf<"leave">): Promise<void> {
  await friendly.leave(stage, stage.peer(step.peer));
}

export async function alive(stage: Stage, step: StepOf<"alive">): Promise<void> {
  await friendly.expectAlive(stage, step.node);
}
