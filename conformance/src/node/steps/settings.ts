// Steps that change what a node of the testee says or allows, and the runner's silence towards it.
import { parseFields, decodeMessage, toHex } from "../../golden/index.js";
import type { StepOf } from "../scenario.js";
import { eventText, type Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { sequenceOf } from "../values.js";

export async function hook(stage: Stage, { node, deny = [], refuse = [] }: StepOf<"hook">): Promise<void> {
  const ids = deny.map((name) => toHex(stage.identity(name).nodeId));
  await stage.command("node.hook", { node: stage.node(node).handle, deny: ids, refuse });
}

export async function updateNode(stage: Stage, step: StepOf<"updateNode">): Promise<void> {
  const { compressions, receiveLimit } = step;
  await stage.command("node.update", { node: stage.node(step.node).handle, compressions, receiveLimit });
}

/** From now on the peer does not answer PINGs by itself: a step sees them. */
export async function mute(stage: Stage, step: StepOf<"mute">): Promise<void> {
  stage.peer(step.peer).link.answersPing = false;
}

/** Two clocks of one machine, and a handshake between them. */
const SLACK_MS = 5_000;

/** The testee reports how far the clock of the peer is from its own. */
export async function expectSkew(stage: Stage, step: StepOf<"expectSkew">): Promise<void> {
  const { node, identity } = stage.peer(step.peer);
  const event = await stage.event(
    (one) => one.event === "skew" && one["node"] === node.handle && one["peer"] === toHex(identity.nodeId),
  );
  if (event === undefined) throw new StepFailure(`the event skew of ${step.peer}`, stage.waitingText());
  const beside = Math.abs(Number(event["ms"]) - step.ms);
  if (!(beside <= SLACK_MS)) throw new StepFailure(`skew of about ${step.ms} ms`, eventText(event));
}

/** The testee reports what a STALE_SEQUENCE of the peer said, and whether it followed it. */
export async function expectStale(stage: Stage, step: StepOf<"expectStale">): Promise<void> {
  const { node, identity } = stage.peer(step.peer);
  const event = await stage.event((one) => one.event === "stale" && one["node"] === node.handle);
  const highest = typeof step.highest === "string" ? step.highest : sequenceOf(stage, step.highest).toString();
  const expected = `the event stale of ${step.peer}, highest ${highest}, ${step.changed ? "changed" : "unchanged"}`;
  if (event === undefined) throw new StepFailure(expected, stage.waitingText());
  const fits = event["peer"] === toHex(identity.nodeId) && event["highest"] === highest;
  if (!fits || event["changed"] !== step.changed) throw new StepFailure(expected, eventText(event));
}

/** r[session.grease]: numbers that are never assigned stand in the testee's HELLO. */
export async function expectGrease(stage: Stage, step: StepOf<"expectGrease">): Promise<void> {
  const payload = stage.peer(step.peer).theirHello;
  if (payload === undefined) throw new Error("expectGrease needs the testee's HELLO");
  const hello = decodeMessage("Hello", payload);
  const holds = (field: string, low: number): boolean =>
    (hello[field] as readonly number[]).some((number) => (number & 0xff0f) === (0x7f00 | low));
  const missing = [
    holds("features", 0x0b) ? undefined : "a feature 7fxb",
    holds("compressions", 0x0a) ? undefined : "a compression id 7fxa",
    holds("bindingKinds", 0x0a) ? undefined : "a binding kind 7fxa",
    parseFields(payload).some(({ number }) => number >= 900 && number <= 999) ? undefined : "a field 900…999",
  ].filter((part) => part !== undefined);
  if (missing.length > 0) throw new StepFailure("GREASE in HELLO", `no ${missing.join(", no ")}`);
}
