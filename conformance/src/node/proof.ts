// PROOF of a raw peer, right unless a scenario changes something, and the judgement of the testee's.
import { commandOf, flipped, GoldenError, layMessage, PREFACE_V1, proofDigest, sign, verify } from "../golden/index.js";
import type { Bytes } from "../golden/index.js";
import { bindingOf, commonKind } from "./binding.js";
import { changePayload } from "./payload.js";
import type { RawPeer } from "./peer.js";
import type { ProofOptions } from "./scenario.js";
import type { Stage } from "./stage.js";
import { expectSame, StepFailure } from "./step-failure.js";

const DOMAIN = "motet/1 proof";

/** What a side with this role signs on this connection, over this binding. */
function digestOf(peer: RawPeer, role: number, bindingKind: number, binding: Bytes): Bytes {
  const own = { preface: peer.ownPreface ?? PREFACE_V1, hello: peer.ownHello ?? new Uint8Array() };
  const their = { preface: PREFACE_V1, hello: peer.theirHello ?? new Uint8Array() };
  const [initiator, responder] = peer.role === 0 ? [own, their] : [their, own];
  return proofDigest({
    role,
    initiatorPreface: initiator.preface,
    responderPreface: responder.preface,
    initiatorHello: initiator.hello,
    responderHello: responder.hello,
    bindingKind,
    binding,
  });
}

/** Payload of a PROOF. */
function buildProof(stage: Stage, peer: RawPeer, options: ProofOptions): Bytes {
  if (options.like !== undefined) return stage.peer(options.like).ownProof ?? new Uint8Array();
  if (options.signature === "echo") return peer.theirProof ?? new Uint8Array();
  const role = options.signature === "reflected" ? 1 - peer.role : peer.role;
  const bindingKind = options.kind ?? commonKind(peer.ownHello, peer.theirHello);
  const binding = bindingOf(bindingKind, peer.facts, options.binding);
  const { seed } = options.signer === undefined ? peer.identity : stage.identity(options.signer);
  const right = sign(seed, DOMAIN, digestOf(peer, role, bindingKind, binding));
  const signature = options.signature === "flipped" ? flipped(right, 1) : right;
  return changePayload(layMessage("Proof", { bindingKind, signature }), options);
}

/** Sends PROOF. */
export async function sendProof(stage: Stage, peer: RawPeer, options: ProofOptions): Promise<void> {
  peer.ownProof = buildProof(stage, peer, options);
  const { command = commandOf("PROOF"), flags = 0, tag = 0, length } = options.frame ?? {};
  await peer.link.writeFrame({ command, flags, tag, payload: peer.ownProof }, length);
}

/** Judges the testee's PROOF and remembers it. */
export async function expectProof(peer: RawPeer): Promise<void> {
  const { frame, value } = await peer.expectFrame("PROOF", 0, 0);
  peer.theirProof = frame.payload;
  const kind = commonKind(peer.ownHello, peer.theirHello);
  expectSame("binding kind", kind, value["bindingKind"]);
  try {
    const digest = digestOf(peer, 1 - peer.role, kind, bindingOf(kind, peer.facts));
    verify(DOMAIN, digest, peer.node.identity.nodeId, value["signature"] as Bytes);
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    throw new StepFailure("a right PROOF of the testee", error.message);
  }
}
