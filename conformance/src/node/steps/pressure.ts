// Steps that fill queues: a peer that does not read, and a node that has to drop, refuse or give up because of it.
// How much the kernels hold is not known, so each goes on until the thing happens, up to a stated number of bytes.
import { toHex } from "../../golden/index.js";
import { arrivalText } from "../arrival.js";
import { buildOne, bytesOf, makeBroadcasts } from "../broadcast.js";
import { fence } from "../handshake.js";
import { isCommand, type RawPeer } from "../peer.js";
import type { StepOf } from "../scenario.js";
import type { Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { takeDelivery } from "./events.js";
import { BATCH, flood, sendBroadcast } from "./mesh.js";

/**
 * Floods from one peer until the testee has given up another one that does not read, while the watched ones get everything.
 * The kernel's buffers, of unknown size, have to fill first.
 */
export async function glut(stage: Stage, step: StepOf<"glut">): Promise<void> {
  const from = stage.peer(step.from);
  const wanted = toHex(stage.peer(step.stalled).identity.nodeId);
  const isDown = (event: Readonly<Record<string, unknown>>): boolean =>
    event["event"] === "peer.down" && event["peer"] === wanted;
  for (let sent = 0; sent < step.atMost; sent += BATCH * step.contentBytes) {
    await floodBatch(stage, step, from);
    const down = await stage.event(isDown, 0);
    if (down === undefined) continue;
    const code = String(down["code"]);
    if (code !== step.code) throw new StepFailure(`peer.down with ${step.code}`, code, code);
    return;
  }
  throw new StepFailure(`peer.down ${step.code} of ${step.stalled}`, `none after ${step.atMost} bytes`);
}

async function floodBatch(stage: Stage, step: StepOf<"glut">, from: RawPeer): Promise<void> {
  const by = from.identity.name;
  const message = `glut of ${step.from}`;
  makeBroadcasts(stage, { message, by, count: BATCH, contentBytes: step.contentBytes });
  await flood(stage, { do: "flood", peer: step.from, message, watch: step.watch });
  for (const one of stage.messages(message))
    await takeDelivery(stage, { event: "delivered", node: from.node.name }, one);
  await fence(from);
}

/**
 * The peer reads again and gets a part of these broadcasts, in order, then fresh ones: at least one was dropped.
 * Fresh ones are sent until one gets through, for the queue has to empty first.
 */
export async function expectDropped(stage: Stage, step: StepOf<"expectDropped">): Promise<void> {
  const peer = stage.peer(step.peer);
  const from = stage.peer(step.from);
  peer.link.resume();
  peer.stalled = false;
  const order = new Map(stage.messages(step.message).map((one, index) => [toHex(bytesOf(one)), index]));
  const deadline = performance.now() + stage.waitMs;
  const fresh = new Set<string>();
  let last = -1;
  let count = 0;
  for (;;) {
    const bird = buildOne(stage, { message: "later", by: from.identity.name, channel: "canary" });
    fresh.add(toHex(bytesOf(bird)));
    await sendBroadcast(from, bird);
    await takeDelivery(stage, { event: "delivered", node: from.node.name, anyOrder: true }, bird);
    for (let got = await nextPayload(peer); got !== undefined; got = await nextPayload(peer)) {
      if (fresh.has(got)) return checkDropped(order.size, count);
      const index = order.get(got) ?? -1;
      if (index <= last) throw new StepFailure(`broadcasts after number ${last}, in order`, `number ${index}`);
      last = index;
      count++;
    }
    if (performance.now() > deadline)
      throw new StepFailure(`a broadcast for ${peer.name} after it reads again`, "none");
  }
}

function checkDropped(sent: number, got: number): void {
  if (got >= sent) throw new StepFailure(`some of ${sent} broadcasts to be dropped for a full queue`, "all were sent");
}

const PATIENCE_MS = 50;

/** Payload of the next BROADCAST in hex, or undefined when none comes soon. */
async function nextPayload(peer: RawPeer): Promise<string | undefined> {
  const arrival = await peer.link.arrivals.next(PATIENCE_MS);
  if (arrival === undefined) return undefined;
  if (arrival.kind === "frame" && isCommand(arrival.frame, "BROADCAST")) return toHex(arrival.frame.payload);
  throw new StepFailure(`BROADCAST for ${peer.name}`, arrivalText(arrival));
}

/** The testee's application broadcasts until it is told to wait. */
export async function gush(stage: Stage, step: StepOf<"gush">): Promise<void> {
  const { handle } = stage.node();
  const payload = "00".repeat(step.contentBytes - 50);
  for (let sent = 0; sent < step.atMost; sent += step.contentBytes) {
    const code = await stage.refusalOf("node.broadcast", { node: handle, channel: "", payload });
    if (code === step.code) return;
    if (code !== undefined) throw new StepFailure(`node.broadcast to be refused with ${step.code}`, code, code);
  }
  throw new StepFailure(`node.broadcast to be refused with ${step.code}`, `${step.atMost} bytes were taken`);
}
