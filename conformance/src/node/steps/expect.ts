// Steps that wait for something on one connection, or look that nothing came.
import {
  COMPRESSION,
  commandName,
  decodeMessage,
  errorNameOf,
  toHex,
  toLinkValue,
  utf8,
  type Frame,
} from "../../golden/index.js";
import { arrivalText, codeOf, commandText, frameText, type Arrival } from "../arrival.js";
import { decompressPayload } from "../compress.js";
import { commandNumber, decodePayload, isCommand, type RawPeer } from "../peer.js";
import type { StepOf } from "../scenario.js";
import type { Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { resolveMembers } from "../values.js";
import { KIND_FLAGS } from "./wire.js";

export async function expectFrame(stage: Stage, step: StepOf<"expectFrame">): Promise<void> {
  const peer = stage.peer(step.peer);
  const command = commandNumber(step.command);
  const flags = KIND_FLAGS[step.kind ?? "one-way"];
  const expected = `${commandText(command)} ${step.kind ?? "one-way"}${step.tag === undefined ? "" : ` tag ${step.tag}`}`;
  const frame = await peer.nextFrame(expected);
  const id = frame.flags & COMPRESSION;
  const right = (step.compression ?? [0]).includes(id) && frame.flags - id === flags;
  const fits = frame.command === command && right && (step.tag ?? frame.tag) === frame.tag;
  if (!fits) throw new StepFailure(`${expected} for ${peer.name}`, frameText(frame), codeOf(frame));
  if (step.payload !== undefined && toHex(frame.payload) !== step.payload) {
    throw new StepFailure(`payload ${step.payload || "empty"}`, `payload ${toHex(frame.payload) || "empty"}`);
  }
  if (step.mostBytes !== undefined && frame.payload.length > step.mostBytes) {
    throw new StepFailure(`at most ${step.mostBytes} bytes`, `${frame.payload.length} bytes`);
  }
  if (step.keepTag !== undefined) stage.notebook.tags.set(step.keepTag, frame.tag);
  if (step.message !== undefined) expectMessage(stage, step, step.message, frame);
}

function expectMessage(
  stage: Stage,
  { keep = {} }: StepOf<"expectFrame">,
  { name, value }: NonNullable<StepOf<"expectFrame">["message"]>,
  sent: Frame,
): void {
  const frame = { ...sent, payload: decompressPayload(sent.flags & COMPRESSION, sent.payload) };
  decodePayload(frame);
  const actual = toLinkValue(name, decodeMessage(name, frame.payload));
  for (const [member, as] of Object.entries(keep)) stage.notebook.bytes.set(as, String(actual[member]));
  for (const [key, wanted] of Object.entries(resolveMembers(stage, value))) {
    if (JSON.stringify(actual[key]) === JSON.stringify(wanted)) continue;
    const code = codeOf(frame);
    throw new StepFailure(`${name}.${key} ${shortText(wanted)}`, shortText(actual[key]), code);
  }
}

function shortText(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 160 ? `${text.slice(0, 160)}… (${text.length} characters)` : text;
}

/** GOODBYE with this code, then the end and nothing more. */
export async function expectClose(stage: Stage, step: StepOf<"expectClose">): Promise<void> {
  const peer = stage.peer(step.peer);
  const frame = await goodbyeOf(peer, step);
  if (frame.flags !== 0 || frame.tag !== 0) throw new StepFailure("GOODBYE without flags and tag", frameText(frame));
  const { code, text } = decodePayload(frame);
  const actual = errorNameOf(Number(code));
  if (utf8(String(text)).length > 256) throw new StepFailure("a text of at most 256 bytes", `${String(text).length}`);
  if (actual !== step.code) throw new StepFailure(`GOODBYE ${step.code} for ${peer.name}`, `GOODBYE ${actual}`, actual);
  peer.ready = false;
  // On a WebSocket GOODBYE is the end of the direction, and a close frame comes in answer to one only: r[ws.goodbye].
  if (peer.link.holds && !peer.link.hasHalfClose) return;
  const end = await peer.next();
  if (end?.kind !== "eof" || end.rest.length > 0) {
    throw new StepFailure(`the end after GOODBYE ${step.code} for ${peer.name}`, arrivalText(end), step.code);
  }
}

async function goodbyeOf(peer: RawPeer, step: StepOf<"expectClose">): Promise<Frame> {
  for (;;) {
    const frame = await peer.nextFrame(`GOODBYE ${step.code}`);
    if (isCommand(frame, "GOODBYE")) return frame;
    if (step.maybe?.includes(commandName(frame.command) ?? "") === true) continue;
    throw new StepFailure(`GOODBYE ${step.code} for ${peer.name}`, frameText(frame), codeOf(frame));
  }
}

const isGone = (arrival: Arrival | undefined): boolean => arrival?.kind === "eof" || arrival?.kind === "reset";

/** The connection ends without a byte. */
export async function expectSilentClose(stage: Stage, step: StepOf<"expectSilentClose">): Promise<void> {
  const peer = stage.peer(step.peer);
  const arrival = await peer.link.arrivals.next(stage.waitMs);
  const silent = isGone(arrival) && !(arrival?.kind === "eof" && arrival.rest.length > 0);
  if (!silent) throw new StepFailure(`${peer.name} to be closed without a byte`, arrivalText(arrival), codeIn(arrival));
}

function codeIn(arrival: Arrival | undefined): string | undefined {
  return arrival?.kind === "frame" ? codeOf(arrival.frame) : undefined;
}

/** The testee ends its direction, or the connection, without another frame. */
export async function expectEnd(stage: Stage, step: StepOf<"expectEnd">): Promise<void> {
  const peer = stage.peer(step.peer);
  const arrival = await peer.next();
  const whole = isGone(arrival) && !(arrival?.kind === "eof" && arrival.rest.length > 0);
  if (!whole) throw new StepFailure(`the end for ${peer.name}, without a frame`, arrivalText(arrival), codeIn(arrival));
  peer.ready = false;
}

/** Nothing has come so far. Waits for nothing: what comes later is another step's. */
export async function expectQuiet(stage: Stage, step: StepOf<"expectQuiet">): Promise<void> {
  const peer = stage.peer(step.peer);
  const [arrival] = peer.link.arrivals.items;
  if (arrival !== undefined)
    throw new StepFailure(`nothing for ${peer.name} yet`, arrivalText(arrival), codeIn(arrival));
}

/** The testee closes the whole connection: what is written there is refused at last. */
export async function expectGone(stage: Stage, step: StepOf<"expectGone">): Promise<void> {
  const { link, name } = stage.peer(step.peer);
  const deadline = performance.now() + stage.waitMs;
  while (!link.closed) {
    if (performance.now() > deadline)
      throw new StepFailure(`the connection of ${name} to be closed`, "it takes bytes still");
    await link.write(new Uint8Array(1));
    await link.arrivals.take((arrival) => arrival.kind === "reset", 10);
  }
}
