// Steps below the protocol's meaning: frames and bytes as the scenario wants them, chunks, silence, the end of a direction.
import { FAILED, fromHex, fromLinkValue, layMessage, REQUEST, RESPONSE, type Bytes } from "../../golden/index.js";
import { compressPayload } from "../compress.js";
import { changePayload } from "../payload.js";
import { fence as fenceOf } from "../handshake.js";
import { commandNumber, type RawPeer } from "../peer.js";
import type { FrameKind, SendOptions, StepOf } from "../scenario.js";
import type { Stage } from "../stage.js";
import { resolveMembers } from "../values.js";

export const KIND_FLAGS: Readonly<Record<FrameKind, number>> = {
  "one-way": 0,
  request: REQUEST,
  response: RESPONSE,
  failed: RESPONSE | FAILED,
};

/** Payload that a step describes, as hex or as a message. */
function payloadOf(stage: Stage, { payload, message }: Pick<SendOptions, "payload" | "message">): Bytes {
  if (payload !== undefined) return fromHex(payload);
  if (message === undefined) return new Uint8Array();
  return layMessage(message.name, fromLinkValue(message.name, resolveMembers(stage, message.value)));
}

function tagOf(stage: Stage, peer: RawPeer, tag: number | string = 0): number {
  if (typeof tag === "number") return tag;
  return tag === "last" ? peer.lastTag : stage.notebook.tag(tag.slice(1));
}

export async function send(stage: Stage, step: StepOf<"send">): Promise<void> {
  const flags = (step.flags ?? KIND_FLAGS[step.kind ?? "one-way"]) | (step.compress?.id ?? 0);
  const peer = stage.peer(step.peer);
  const tag = tagOf(stage, peer, step.tag);
  const frame = { command: commandNumber(step.command), flags, tag };
  const whole = changePayload(payloadOf(stage, step), step);
  const payload = step.compress === undefined ? whole : compressPayload(whole, step.compress);
  await peer.link.writeFrame({ ...frame, payload }, step.length);
}

export async function sendRaw(stage: Stage, step: StepOf<"sendRaw">): Promise<void> {
  const { link } = stage.peer(step.peer);
  const bytes = fromHex(step.bytes.repeat(step.times ?? 1));
  link.note(`→ ${bytes.length} bytes ${step.bytes.slice(0, 32)}`);
  await link.write(bytes);
}

export async function chunk(stage: Stage, step: StepOf<"chunk">): Promise<void> {
  const { link } = stage.peer(step.peer);
  link.chunkBytes = step.size;
  link.fragments = step.fragments ?? false;
}

export async function stall(stage: Stage, step: StepOf<"stall">): Promise<void> {
  const peer = stage.peer(step.peer);
  peer.stalled = true;
  peer.link.stall();
}

export async function resume(stage: Stage, step: StepOf<"resume">): Promise<void> {
  const peer = stage.peer(step.peer);
  peer.stalled = false;
  peer.link.resume();
}

export async function halfClose(stage: Stage, step: StepOf<"halfClose">): Promise<void> {
  const { link } = stage.peer(step.peer);
  if (step.below === true) link.endBelow();
  else link.halfClose();
}

export async function abort(stage: Stage, step: StepOf<"abort">): Promise<void> {
  stage.peer(step.peer).link.abort();
}

export async function fence(stage: Stage, step: StepOf<"fence">): Promise<void> {
  await fenceOf(stage.peer(step.peer), step);
}
