// Steps about what the testee reports to its application. Events come in order with the replies of link/1, so that absence can
// be proven: an operation is asked for, and what was reported before it is in the queue then.
import { toHex } from "../../golden/index.js";
import { label, type Broadcast } from "../broadcast.js";
import type { EventOptions, StepOf } from "../scenario.js";
import { eventText, type LinkEvent, type Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";

/** True when the event has the members that the step names; messages are compared elsewhere. */
function fits(stage: Stage, step: EventOptions, event: LinkEvent): boolean {
  const id = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : toHex((stage.peers.get(name)?.identity ?? stage.identity(name)).nodeId);
  const wanted = {
    event: step.event,
    node: stage.node(step.node).handle,
    peer: id(step.peer),
    from: id(step.from),
    role: step.role,
    by: step.by,
    code: step.code,
    hops: step.hops,
  };
  return Object.entries(wanted).every(([key, value]) => value === undefined || event[key] === value);
}

/** Why an event is not the delivery of a broadcast, or undefined. */
function deliveryFault(broadcast: Broadcast, event: LinkEvent): string | undefined {
  const { id, origin, sequence, channel, payload } = broadcast;
  const wanted = { id, origin, sequence: sequence.toString(), channel, payload: toHex(payload) };
  return Object.entries(wanted).find(([key, value]) => event[key] !== value)?.[0];
}

/** Takes the delivery of one broadcast: the next one, or with `anyOrder` the one that it is. */
export async function takeDelivery(
  stage: Stage,
  step: EventOptions & { readonly already?: boolean; readonly anyOrder?: boolean },
  broadcast: Broadcast,
): Promise<void> {
  const { handle } = stage.node(step.node);
  const isDelivery = (event: LinkEvent): boolean =>
    event.event === "delivered" && event["node"] === handle && (step.anyOrder !== true || event["id"] === broadcast.id);
  const event = await stage.event(isDelivery, step.already === true ? 0 : stage.waitMs);
  const expected = `the delivery of ${label(broadcast)}`;
  if (event === undefined) throw new StepFailure(expected, stage.waitingText());
  const fault = deliveryFault(broadcast, event);
  if (fault !== undefined) throw new StepFailure(expected, `another ${fault}: ${eventText(event)}`);
  if (!fits(stage, step, event)) throw new StepFailure(`${expected} as the step says`, eventText(event));
}

export async function expectEvent(stage: Stage, step: StepOf<"expectEvent">): Promise<void> {
  if (step.already === true) await stage.settleEvents(stage.node(step.node));
  const names = namesOf(step);
  if (names.length > 0) {
    const broadcasts = names.flatMap((name) => stage.messages(name));
    if (step.already === true) checkReported(stage, step, broadcasts);
    for (const broadcast of broadcasts) await takeDelivery(stage, step, broadcast);
    return;
  }
  const event = await stage.event((one) => fits(stage, step, one), step.already === true ? 0 : stage.waitMs);
  if (event !== undefined) return;
  const other = stage.waitingEvents.find((one) => fits(stage, { event: step.event }, one) && one["code"] !== undefined);
  const code = other === undefined ? undefined : String(other["code"]);
  throw new StepFailure(`the event ${wantedText(step)}`, stage.waitingText(), code);
}

/** All of them are in the queue at this moment: looked at in one go, for every wait would let more of them come. */
function checkReported(stage: Stage, step: EventOptions, broadcasts: readonly Broadcast[]): void {
  const there = new Set(stage.waitingEvents.filter((event) => fits(stage, step, event)).map((event) => event["id"]));
  const missing = broadcasts.filter(({ id }) => !there.has(id));
  const [first] = missing;
  if (first === undefined) return;
  const expected = `the delivery of ${label(first)} before the fence was answered`;
  throw new StepFailure(expected, `${missing.length} of ${broadcasts.length} deliveries missing`);
}

function namesOf({ message, messages = [] }: EventOptions): readonly string[] {
  return message === undefined ? messages : [message, ...messages];
}

function wantedText(step: EventOptions): string {
  const names = ["event", "peer", "role", "by", "code", "message"] as const;
  return names.flatMap((name) => (step[name] === undefined ? [] : [step[name]])).join(" ");
}

export async function expectNoEvent(stage: Stage, step: StepOf<"expectNoEvent">): Promise<void> {
  await stage.settleEvents(stage.node(step.node));
  const ids = namesOf(step).flatMap((name) => stage.messages(name).map((one) => one.id));
  const found = stage.waitingEvents.find(
    (event) => fits(stage, step, event) && (ids.length === 0 || ids.includes(String(event["id"]))),
  );
  if (found === undefined) return;
  const code = typeof found["code"] === "string" ? found["code"] : undefined;
  throw new StepFailure(`no event ${wantedText(step)}`, eventText(found), code);
}

export async function snapshot(stage: Stage, step: StepOf<"snapshot">): Promise<void> {
  const ok = await stage.command("node.snapshot", { node: stage.node(step.node).handle });
  const wanted = step.peers.map((name) => toHex(stage.identity(name).nodeId)).toSorted();
  const actual = ok["peers"] as readonly string[];
  if (wanted.join() !== actual.join()) {
    throw new StepFailure(
      `the peers ${step.peers.join(", ") || "(none)"}`,
      `${actual.length} peers: ${actual.join(", ")}`,
    );
  }
}
