// Steps in which the testee's application says something: TELL, ASK, its own commands, PEERS, LOCATE; and what came of it.
// A request is remembered by a name; its outcome is an event of link/1.
import { toHex } from "../../golden/index.js";
import { frameText } from "../arrival.js";
import { isCommand } from "../peer.js";
import type { ContentOptions } from "../scenario-messaging.js";
import type { StepOf } from "../scenario.js";
import { eventText, type LinkEvent, type Stage, type TesteeNode } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { contentOf } from "../content.js";
import { checkTableOutcome } from "./table-members.js";

const TIMEOUT_MS = 60_000;

type Input = Readonly<Record<string, unknown>>;
type Requesting = StepOf<"tell" | "ask" | "call" | "askPeers" | "locate">;

const idOf = (stage: Stage, name: string): string => toHex(stage.identity(name).nodeId);

function tellInput(stage: Stage, node: TesteeNode, step: Omit<StepOf<"tell">, "do" | "request">): Input {
  const { channel = "", compress = false } = step;
  return { node: node.handle, peer: idOf(stage, step.to), channel, payload: toHex(contentOf(step)), compress };
}

function askInput(stage: Stage, node: TesteeNode, step: Omit<StepOf<"ask">, "do" | "request">): Input {
  const { channel = "", compress = false, timeoutMs = TIMEOUT_MS } = step;
  const payload = toHex(contentOf(step));
  return { node: node.handle, peer: idOf(stage, step.to), channel, payload, timeoutMs, compress };
}

function callInput(stage: Stage, node: TesteeNode, step: Omit<StepOf<"call">, "do" | "request">): Input {
  const { command, kind, timeoutMs = TIMEOUT_MS } = step;
  return { node: node.handle, peer: idOf(stage, step.to), command, kind, payload: toHex(contentOf(step)), timeoutMs };
}

async function request(stage: Stage, op: string, input: Input, step: Requesting): Promise<void> {
  if (step.reject !== undefined) return stage.refusedCommand(op, input, step.reject);
  const ok = await stage.command(op, input);
  const { handle } = stage.node(step.node);
  stage.notebook.requests.set(step.request, { node: handle, request: Number(ok["request"]) });
}

export async function tell(stage: Stage, step: StepOf<"tell">): Promise<void> {
  await request(stage, "node.tell", tellInput(stage, stage.node(step.node), step), step);
}

export async function ask(stage: Stage, step: StepOf<"ask">): Promise<void> {
  await request(stage, "node.ask", askInput(stage, stage.node(step.node), step), step);
}

export async function call(stage: Stage, step: StepOf<"call">): Promise<void> {
  await request(stage, "node.command", callInput(stage, stage.node(step.node), step), step);
}

export async function askPeers(stage: Stage, step: StepOf<"askPeers">): Promise<void> {
  const { limit = 32 } = step;
  const input = { node: stage.node(step.node).handle, peer: idOf(stage, step.to), limit };
  await request(stage, "node.peers", input, step);
}

export async function locate(stage: Stage, step: StepOf<"locate">): Promise<void> {
  const input = { node: stage.node(step.node).handle, wanted: idOf(stage, step.wanted) };
  await request(stage, "node.locate", input, step);
}

const OWN_COMMAND = 0x8001;

/** Says the same again and again until the node refuses: the kernel's buffers, of unknown size, fill first. */
export async function press(stage: Stage, step: StepOf<"press">): Promise<void> {
  const { how } = step;
  const node = stage.node(step.node);
  const op = how === "tell" || how === "ask" ? `node.${how}` : "node.command";
  const input =
    how === "tell"
      ? tellInput(stage, node, step)
      : how === "ask"
        ? askInput(stage, node, step)
        : callInput(stage, node, { ...step, command: OWN_COMMAND, kind: how });
  for (let count = 0; count < step.atMost; count++) {
    stage.notebook.pressed = count;
    const code = await stage.refusalOf(op, input);
    if (code === step.code) return;
    if (code !== undefined) throw new StepFailure(`${op} to be refused with ${step.code}`, code, code);
  }
  throw new StepFailure(`${op} to be refused with ${step.code}`, `it was taken ${step.atMost} times`);
}

export async function serve(stage: Stage, { node, channel, how }: StepOf<"serve">): Promise<void> {
  await stage.command("node.serve", { node: stage.node(node).handle, channel, how });
}

export async function define(stage: Stage, { node, command, how }: StepOf<"define">): Promise<void> {
  await stage.command("node.define", { node: stage.node(node).handle, command, how });
}

const OUTCOMES = ["sent", "answered", "records", "owner", "stored", "got", "listed", "failed"];

function codeIn(event: LinkEvent | undefined): string | undefined {
  const code = event?.["code"];
  return typeof code === "string" ? code : undefined;
}

/** The one event that tells what came of a request; any other kind of it is a failure. */
export async function expectOutcome(stage: Stage, step: StepOf<"expectOutcome">): Promise<void> {
  const { node, request: number } = stage.notebook.request(step.request);
  const isOutcome = (event: LinkEvent): boolean =>
    OUTCOMES.includes(event.event) && event["node"] === node && event["request"] === number;
  if (step.already === true) await stage.command("node.snapshot", { node });
  const event = await stage.event(isOutcome, step.already === true ? 0 : stage.waitMs);
  const expected = `${step.request}: ${[step.outcome, step.code].filter((part) => part !== undefined).join(" ")}`;
  const code = codeIn(event);
  if (event?.event !== step.outcome) {
    throw new StepFailure(expected, event === undefined ? stage.waitingText() : eventText(event), code);
  }
  if (step.code !== undefined && code !== step.code) throw new StepFailure(expected, eventText(event), code);
  checkContent(expected, step, event);
  checkOwner(stage, expected, step, event);
  checkTableOutcome(stage, expected, step, event);
  if (step.peers !== undefined) {
    const wanted = step.peers.map((name) => idOf(stage, name)).toSorted();
    const got = (event["peers"] as readonly string[]).join();
    if (got !== wanted.join()) throw new StepFailure(`${expected} of ${step.peers.join(", ") || "nobody"}`, got);
  }
}

/** What a lookup found. */
function checkOwner(stage: Stage, expected: string, step: StepOf<"expectOutcome">, event: LinkEvent): void {
  const { peer, hops, mostHops } = step;
  const found = Number(event["hops"]);
  if (peer !== undefined && event["peer"] !== idOf(stage, peer))
    throw new StepFailure(`${expected} ${peer}`, eventText(event));
  if (hops !== undefined && found !== hops) throw new StepFailure(`${expected} in ${hops} hops`, eventText(event));
  if (mostHops !== undefined && !(found <= mostHops)) throw new StepFailure(`${expected} in ${mostHops} hops at most`, eventText(event)); // prettier-ignore
}

function checkContent(expected: string, step: ContentOptions, event: LinkEvent): void {
  if (event.event === "got") return;
  const given = [step.payload, step.hex, step.size, step.noise].some((part) => part !== undefined);
  if (!given || event["payload"] === toHex(contentOf(step))) return;
  const text = String(event["payload"]);
  throw new StepFailure(`${expected} with the right payload`, `${text.length / 2} bytes ${text.slice(0, 48)}`);
}

/** Nothing has come of a request so far. */
export async function expectNoOutcome(stage: Stage, step: StepOf<"expectNoOutcome">): Promise<void> {
  const { node, request: number } = stage.notebook.request(step.request);
  await stage.command("node.snapshot", { node });
  const found = stage.waitingEvents.find(
    (event) => OUTCOMES.includes(event.event) && event["node"] === node && event["request"] === number,
  );
  if (found === undefined) return;
  const code = codeIn(found);
  throw new StepFailure(`nothing of ${step.request} yet`, eventText(found), code);
}

/** The peer gets all that `press` said before it was refused, and nothing else in between. */
export async function drain(stage: Stage, step: StepOf<"drain">): Promise<void> {
  const peer = stage.peer(step.peer);
  for (let count = 0; count < stage.notebook.pressed; count++) {
    const frame = await peer.nextFrame(step.command);
    if (!isCommand(frame, step.command)) throw new StepFailure(`${step.command} for ${peer.name}`, frameText(frame));
  }
}

/** The next TELL at the application is this one. */
export async function expectTold(stage: Stage, step: StepOf<"expectTold">): Promise<void> {
  const node = stage.node(step.node);
  const wanted = { peer: idOf(stage, stage.peers.get(step.peer)?.identity.name ?? step.peer) };
  await takeNext(stage, node, "told", step.channel === undefined ? wanted : { ...wanted, channel: step.channel }, step);
}

/** The next one-way frame of a command of the application is this one. */
export async function expectCommanded(stage: Stage, step: StepOf<"expectCommanded">): Promise<void> {
  const node = stage.node(step.node);
  const peer = idOf(stage, stage.peers.get(step.peer)?.identity.name ?? step.peer);
  await takeNext(stage, node, "commanded", { peer, command: step.command }, step);
}

async function takeNext(
  stage: Stage,
  node: TesteeNode,
  name: string,
  wanted: Readonly<Record<string, unknown>>,
  content: ContentOptions,
): Promise<void> {
  const event = await stage.event((one) => one.event === name && one["node"] === node.handle);
  const expected = `the event ${name} ${Object.values(wanted).join(" ")}`;
  if (event === undefined) throw new StepFailure(expected, stage.waitingText());
  const wrong = Object.entries(wanted).find(([key, value]) => event[key] !== value);
  if (wrong !== undefined) throw new StepFailure(expected, `another ${wrong[0]}: ${eventText(event)}`);
  checkContent(expected, content, event);
}

/** No such event has been reported. */
export async function expectNone(stage: Stage, step: StepOf<"expectNone">): Promise<void> {
  const node = stage.node(step.node);
  await stage.settleEvents(node);
  const found = stage.waitingEvents.find((event) => event.event === step.event && event["node"] === node.handle);
  if (found !== undefined) throw new StepFailure(`no event ${step.event}`, eventText(found));
}
