// Steps of the mesh: make, flood, expect broadcasts, and the canary that proves absence.
import { commandOf, toHex, utf8, type Bytes } from "../../golden/index.js";
import {
  buildOne,
  bytesOf,
  checkBroadcast,
  CLOCK_SLACK_MS,
  label,
  makeBroadcasts,
  sameBytes,
  type Broadcast,
} from "../broadcast.js";
import { codeOf, frameText } from "../arrival.js";
import { fence } from "../handshake.js";
import { isCommand, type RawPeer } from "../peer.js";
import type { SequenceSpec } from "../scenario-messaging.js";
import type { StepOf } from "../scenario.js";
import type { Stage, TesteeNode } from "../stage.js";
import { expectSame, StepFailure } from "../step-failure.js";
import { sequenceOf } from "../values.js";
import { takeDelivery } from "./events.js";

export async function make(stage: Stage, step: StepOf<"make">): Promise<void> {
  makeBroadcasts(stage, step);
}

/** Broadcasts on their way at once when somebody is watched. */
export const BATCH = 8;

/** Sends broadcasts on one link, or each on several links in turn. Watched peers get each batch before the next one goes out. */
export async function flood(stage: Stage, step: StepOf<"flood">): Promise<void> {
  const peers = (step.peers ?? [step.peer ?? ""]).map((name) => stage.peer(name));
  const names = step.messages ?? [step.message ?? ""];
  const broadcasts = names.flatMap((name) => stage.messages(name));
  const batch = step.watch === undefined ? broadcasts.length : BATCH;
  for (let round = 0; round < (step.times ?? 1); round++) {
    for (let at = 0; at < broadcasts.length; at += batch) {
      await floodBatch(stage, peers, broadcasts.slice(at, at + batch), step);
    }
  }
}

async function floodBatch(
  stage: Stage,
  peers: readonly RawPeer[],
  broadcasts: readonly Broadcast[],
  { tag, watch = [] }: StepOf<"flood">,
): Promise<void> {
  for (const broadcast of broadcasts) for (const peer of peers) await sendBroadcast(peer, broadcast, tag);
  for (const name of watch) await takeBroadcasts(stage, stage.peer(name), broadcasts, {});
}

/** One BROADCAST frame. */
export async function sendBroadcast(peer: RawPeer, broadcast: Broadcast, tag = 0): Promise<void> {
  await peer.link.writeFrame({ command: commandOf("BROADCAST"), tag, payload: bytesOf(broadcast) });
}

/** The next frames are these broadcasts; with `anyOrder` in any order. */
export async function expectBroadcast(stage: Stage, step: StepOf<"expectBroadcast">): Promise<void> {
  const names = step.messages ?? [step.message ?? ""];
  const wanted = names.flatMap((name) => stage.messages(name));
  await takeBroadcasts(stage, stage.peer(step.peer), wanted, step);
  if (step.encoding === undefined) return;
  for (const one of wanted) expectSame("encoding", step.encoding, encodingOf(bytesOf(one)));
}

/** Byte 48 of the content: 4.2. */
const encodingOf = (payload: Bytes): number | undefined => payload[1 + (payload[0] ?? 0) + 48];

async function takeBroadcasts(
  stage: Stage,
  peer: RawPeer,
  wanted: readonly Broadcast[],
  { tag, anyOrder = false }: { readonly tag?: number; readonly anyOrder?: boolean },
): Promise<void> {
  const left = [...wanted];
  for (let [first] = left; first !== undefined; [first] = left) {
    const expected = `BROADCAST ${label(first)}${tag === undefined ? "" : ` tag ${tag}`}`;
    const frame = await peer.nextFrame(expected);
    const fits = isCommand(frame, "BROADCAST") && frame.flags === 0 && (tag ?? frame.tag) === frame.tag;
    if (!fits) throw new StepFailure(`${expected} for ${peer.name}`, frameText(frame), codeOf(frame));
    const found = anyOrder ? left.findIndex((one) => sameBytes(bytesOf(one), frame.payload)) : 0;
    const at = Math.max(found, 0);
    checkBroadcast(stage, left[at] ?? first, frame.payload);
    left.splice(at, 1);
  }
}

/**
 * Proves that nothing else is on its way to the watched links: after a fence on the link `after`, a fresh broadcast of `from` must be
 * the next thing that each of them gets, and the next delivery (r[mesh.relay.order]).
 */
export async function canary(stage: Stage, step: StepOf<"canary">): Promise<void> {
  if (step.after !== undefined) await fence(stage.peer(step.after));
  const from = stage.peer(step.from);
  const watch = step.watch ?? watchable(stage, from);
  const message = `canary of ${step.from}`;
  const bird = buildOne(stage, { message, by: from.identity.name, channel: "canary" });
  stage.broadcasts.set(message, [bird]);
  await sendBroadcast(from, bird);
  const node = from.node.name;
  if (watch.includes("app")) await takeDelivery(stage, { event: "delivered", node }, bird);
  for (const name of watch.filter((one) => one !== "app")) {
    await expectBroadcast(stage, { do: "expectBroadcast", peer: name, message });
  }
  if (!watch.includes("app")) await takeDelivery(stage, { event: "delivered", node, anyOrder: true }, bird);
}

/** All other open links of the same node, and its application. */
function watchable(stage: Stage, from: RawPeer): readonly string[] {
  const others = [...stage.peers.values()].filter((peer) => peer !== from && peer.node === from.node);
  return [...others.filter((peer) => peer.ready && !peer.stalled).map((peer) => peer.name), "app"];
}

/** The testee broadcasts, or refuses to. */
export async function broadcast(stage: Stage, step: StepOf<"broadcast">): Promise<void> {
  const node = stage.node(step.node);
  const { channel = "", payload = step.message } = step;
  const text = utf8(payload);
  const size = step.contentBytes === undefined ? text.length : step.contentBytes - 50 - utf8(channel).length;
  const bytes = new Uint8Array(size);
  bytes.set(text.subarray(0, size));
  const input = { node: node.handle, channel, payload: toHex(bytes) };
  if (step.reject !== undefined) return stage.refusedCommand("node.broadcast", input, step.reject);
  const sentAt = BigInt(stage.now());
  const ok = await stage.command("node.broadcast", input);
  checkSequence(stage, node, BigInt(String(ok["sequence"])), step.sequence);
  const made: Broadcast = {
    id: String(ok["id"]),
    origin: toHex(node.identity.nodeId),
    sequence: BigInt(String(ok["sequence"])),
    sentAt,
    channel,
    payload: bytes,
    by: node.identity.name,
  };
  stage.broadcasts.set(step.message, [made]);
}

/** r[mesh.sequence.first] against the runner's clock, then r[mesh.sequence.next], unless the step says what it is. */
function checkSequence(stage: Stage, node: TesteeNode, sequence: bigint, wanted: SequenceSpec | undefined): void {
  const drift = Number(sequence / 1000n) - stage.now();
  if (wanted !== undefined) expectSame("sequence", sequenceOf(stage, wanted), sequence);
  else if (node.lastSequence !== undefined) expectSame("sequence", node.lastSequence + 1n, sequence);
  else if (Math.abs(drift) > CLOCK_SLACK_MS) {
    throw new StepFailure("the first sequence to be the clock in microseconds", `${drift} ms beside it`);
  }
  node.lastSequence = sequence;
}
