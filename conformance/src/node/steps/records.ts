// Steps about peer records and the addresses in them: records made and judged, listeners that a record names, and what dials them.
import { decodeMessage, decodeRecord, fromHex, GoldenError, RESPONSE } from "../../golden/index.js";
import { readU64, toHex, type Bytes, type PeerRecord } from "../../golden/index.js";
import { frameText } from "../arrival.js";
import { CarrierListener } from "../carrier/index.js";
import { decompressPayload } from "../compress.js";
import * as friendly from "../handshake.js";
import { nameOf } from "../identity.js";
import { isCommand } from "../peer.js";
import { recordOf } from "../record.js";
import type { StepOf } from "../scenario.js";
import type { Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";

export async function makeRecord(stage: Stage, step: StepOf<"makeRecord">): Promise<void> {
  stage.notebook.bytes.set(step.record, toHex(recordOf(stage, step.as, step, step.sameTimeAs)));
}

function rightRecord(stage: Stage, bytes: Bytes): PeerRecord & { readonly features: readonly unknown[] } {
  try {
    const { record, body } = decodeRecord(bytes, stage.descriptor);
    return { ...record, features: body["features"] as readonly unknown[] };
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    throw new StepFailure("a right record", error.message);
  }
}

/** A record that was taken from a frame is right, of this node, and, with `after`, issued later than another one. */
export async function expectRecord(stage: Stage, step: StepOf<"expectRecord">): Promise<void> {
  const record = rightRecord(stage, fromHex(stage.notebook.kept(step.record)));
  const wanted = toHex(stage.identity(step.as).nodeId);
  if (toHex(record.nodeId) !== wanted) {
    throw new StepFailure(`a record of ${step.as}`, `one of ${nameOf(toHex(record.nodeId))}`);
  }
  if (step.after === undefined) return;
  const before = readU64(fromHex(stage.notebook.kept(step.after)), 32);
  if (record.issued <= before) throw new StepFailure(`a record issued after ${before}`, `${record.issued}`);
}

/** The next frame is an answer to PEERS with these records, in any order. */
export async function expectPeers(stage: Stage, step: StepOf<"expectPeers">): Promise<void> {
  const peer = stage.peer(step.peer);
  const frame = await peer.nextFrame("an answer to PEERS");
  const id = frame.flags & 0x0f;
  const fits = isCommand(frame, "PEERS") && frame.flags - id === RESPONSE && (step.tag ?? frame.tag) === frame.tag;
  if (!fits) throw new StepFailure(`an answer to PEERS for ${peer.name}`, frameText(frame));
  const records = answerOf(decompressPayload(id, frame.payload));
  const owners = records.map((bytes) => nameOf(toHex(rightRecord(stage, bytes).nodeId))).toSorted();
  if (new Set(owners).size < owners.length) throw new StepFailure("one record of each node", owners.join(", "));
  if (
    step.of !== undefined &&
    owners.join() !==
      step.of
        .map((name) => ownerName(stage, name))
        .toSorted()
        .join()
  ) {
    throw new StepFailure(`records of ${step.of.join(", ") || "nobody"}`, owners.join(", ") || "none");
  }
  const { count, among, holds = [] } = step;
  if (count !== undefined && owners.length !== count) throw new StepFailure(`${count} records`, `${owners.length}`);
  const stranger = owners.find((owner) => among?.every((name) => ownerName(stage, name) !== owner));
  if (stranger !== undefined) throw new StepFailure(`records of ${among?.join(", ")}`, owners.join(", "));
  const got = new Set(records.map(toHex));
  for (const name of holds) {
    if (!got.has(keptRecord(stage, name))) throw new StepFailure(`the very record ${name}`, owners.join(", "));
  }
}

const ownerName = (stage: Stage, name: string): string => nameOf(toHex(stage.identity(name).nodeId));

/** Bytes remembered, or those in the HELLO of a peer. */
function keptRecord(stage: Stage, name: string): string {
  const hello = stage.peers.get(name)?.ownHello;
  if (hello === undefined) return stage.notebook.kept(name);
  return toHex(decodeMessage("Hello", hello)["record"] as Bytes);
}

function answerOf(payload: Bytes): readonly Bytes[] {
  try {
    return decodeMessage("PeersAnswer", payload)["records"] as readonly Bytes[];
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    throw new StepFailure("a right answer to PEERS", error.message);
  }
}

/** No two of these are the same: bytes, or tags. */
export async function expectDifferent(stage: Stage, step: StepOf<"expectDifferent">): Promise<void> {
  const { kept = [], tags = [] } = step;
  const values = [...kept.map((name) => stage.notebook.kept(name)), ...tags.map((name) => stage.notebook.tag(name))];
  if (new Set(values).size < values.length) throw new StepFailure("each of them fresh", values.join(", "));
}

/** A listener whose address records can name. */
export async function listen(stage: Stage, step: StepOf<"listen">): Promise<void> {
  for (const port of step.ports ?? [0]) {
    try {
      stage.notebook.listeners.set(step.listener, await CarrierListener.open(stage.transport, "127.0.0.1", port));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  throw new StepFailure(`one of the ports ${step.ports?.join(", ")} to be free on this machine`, "none is");
}

/** The testee dials a listener of its own accord; the peer takes the connection. */
export async function acceptAt(stage: Stage, step: StepOf<"acceptAt">): Promise<void> {
  await friendly.acceptAt(stage, stage.notebook.listener(step.listener), step);
}

/** Nobody has dialled this listener so far. */
export async function expectNoDial(stage: Stage, step: StepOf<"expectNoDial">): Promise<void> {
  await stage.settleEvents(stage.node(step.node));
  const { address, waiting } = stage.notebook.listener(step.listener);
  if (waiting > 0) throw new StepFailure(`no connection to ${address}`, `${waiting} of them`);
}

/** Handshake with a testee that dialled, whatever it sends right behind its PROOF: that stays for later steps. */
export async function welcome(stage: Stage, step: StepOf<"welcome">): Promise<void> {
  const peer = stage.peer(step.peer);
  await friendly.answerHandshake(stage, peer);
  await friendly.expectUp(stage, peer);
}
