// Steps of the ring: the runner takes the places round the testee, the testee is told to take part, and what it asked them and what it
// says of itself is looked at.
import { setImmediate } from "node:timers/promises";
import { FAILED, limitOf, positionBytes, toHex, type Frame } from "../../golden/index.js";
import { decodeMessage, decodeRecord, GoldenError, layMessage, type Bytes, type MessageValue } from "../../golden/index.js"; // prettier-ignore
import { codeOf, frameText } from "../arrival.js";
import { identityOf, type Identity } from "../identity.js";
import { decodePayload } from "../peer.js";
import { positionIn, positionOf, RingHost, VirtualRing, type Ask, type Seat, type VirtualNode } from "../ring/index.js"; // prettier-ignore
import { observerOf } from "../ring/observer.js";
import { addressText } from "../record.js";
import type { PositionSpec, RingEntry, StepOf } from "../scenario.js";
import type { Stage, TesteeNode } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { resolveMembers } from "../values.js";
import { atLast } from "./at-last.js";
import { wrongMember } from "./table-members.js";

function host(stage: Stage): RingHost {
  if (stage.ring === undefined) throw new Error("the scenario has no ring: buildRing comes first");
  return stage.ring;
}

/** Nodes made in one go. */
const SLICE = 100;

export async function buildRing(stage: Stage, { nodes, without = [] }: StepOf<"buildRing">): Promise<void> {
  const seats: Seat[] = [];
  for (let index = 0; index < nodes; index++) {
    // Other testees are judged at the same time, and wait for nobody.
    if (index % SLICE === SLICE - 1) await setImmediate();
    const identity = identityOf(`ring ${index}`);
    seats.push({ identity, position: positionIn(stage, identity.nodeId) });
  }
  const testee = positionIn(stage, stage.identity("testee").nodeId);
  stage.ring = await RingHost.open(stage, new VirtualRing(testee, stage.network.successors, seats));
  for (const name of without) stage.ring.ring.setPresent(stage.ring.node(name), false);
}

export async function ringNode(stage: Stage, step: StepOf<"ringNode">): Promise<void> {
  const { do: _, nodes, present, record, listed, ...change } = step;
  const ringHost = host(stage);
  const { ring } = ringHost;
  const chosen = nodes.includes("all") ? ring.nodes : nodes.map((name) => ringHost.node(name));
  for (const node of chosen) {
    if (present !== undefined) ring.setPresent(node, present);
    if (record !== undefined) node.record = record;
    if (listed !== undefined) node.listed = listed;
    node.change = { ...node.change, ...change };
    if (change.dead === true) node.session?.abort();
  }
  ringHost.renew();
}

/** Address of a virtual node with its id as pin, of nobody, or as a record has it. */
function contactAddress(stage: Stage, contact: string): string {
  if (contact === "nowhere") return host(stage).nowhere;
  if (contact === "gate") return host(stage).gate;
  if (/^(after|before)\d+$/.test(contact)) return host(stage).addressOf(host(stage).node(contact));
  return addressText(stage, contact);
}

export async function takePart(stage: Stage, step: StepOf<"takePart">): Promise<void> {
  const { how, contacts = [], reject } = step;
  const addresses = contacts.map((contact) => contactAddress(stage, contact));
  const input = { node: stage.node(step.node).handle, how, contacts: addresses };
  if (reject !== undefined) return stage.refusedCommand("node.ring", input, reject);
  await stage.command("node.ring", input);
}

/** The testee joins between the nodes next to it, and both hear of it. What it asked is forgotten then. */
export async function joined(stage: Stage, { contact, complete }: StepOf<"joined">): Promise<void> {
  const { ring } = host(stage);
  const present = ring.nodes.filter((node) => node.present);
  const [after, before] = [present[0], present.at(-1)];
  if (after === undefined || before === undefined) throw new Error("nobody is on the ring: there is none to join");
  const third = present.at(-3) ?? after;
  await takePart(stage, { do: "takePart", how: "join", contacts: [contact ?? third.name] });
  const asks = [`HINT ${before.name}`, `NOTIFY ${after.name}`];
  await expectAsked(stage, { do: "expectAsked", asks, anyOrder: true });
  ring.hasTestee = true;
  if (complete === true) await expectComplete(stage, after, before);
  await forget(stage);
}

/** The testee has asked for the records of its arc, and answers for it. */
async function expectComplete(stage: Stage, after: VirtualNode, before: VirtualNode): Promise<void> {
  await expectAsked(stage, { do: "expectAsked", asks: [`SYNC ${after.name}`] });
  const session = await host(stage).sessionOf(after);
  const [from, to] = [positionBytes(before.position), positionBytes(host(stage).ring.testeePosition)];
  const arc = layMessage("Sync", { from, to, count: 0n, sum: new Uint8Array(32) });
  await atLast(stage, async () => {
    const answer = await session.request("SYNC", arc);
    if (codeOf(answer) === "BUSY")
      return new StepFailure("the arc of the testee to be complete", frameText(answer), "BUSY");
    checkAnswered(answer);
    return undefined;
  });
}

/** These have sessions with the testee. */
export async function meet(stage: Stage, { nodes }: StepOf<"meet">): Promise<void> {
  for (const name of nodes) await (await host(stage).sessionOf(host(stage).node(name))).fence();
}

export async function ringSend(stage: Stage, { node, command, times = 1 }: StepOf<"ringSend">): Promise<void> {
  const session = await host(stage).sessionOf(host(stage).node(node));
  for (let count = 0; count < times; count++) {
    if (command === "NOTIFY" || command === "HINT") await session.send(command);
    else checkAnswered(await session.request(command));
  }
  await session.fence();
}

function checkAnswered(frame: Frame): void {
  if ((frame.flags & FAILED) !== 0) throw new StepFailure("an answer", frameText(frame), codeOf(frame));
  decodePayload(frame);
}

function askText({ command, node, value }: Ask): string {
  const details = ["position", "place", "copies"]
    .filter((key) => key in value)
    .map((key) => `${key} ${String(value[key])}`);
  return [command, node?.name ?? "another", ...details].join(" ");
}

/** What the testee sent, as far as no step has taken it. */
function askedText(stage: Stage): string {
  const { items } = host(stage).asks;
  const texts = items.slice(-40).map(askText);
  return texts.length === 0 ? "nothing" : `${items.length > 40 ? "… " : ""}${texts.join(", ")}`;
}

interface Wanted {
  readonly target?: PositionSpec | undefined;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
}

/** What a step wants: a command, of one virtual node or of any, about one target or any, with these members of what was said. */
function matcher(stage: Stage, ask: string, { target, with: members = {} }: Wanted): (ask: Ask) => boolean {
  const [command = "", name] = ask.split(" ");
  const node = name === undefined || name === "another" ? undefined : host(stage).node(name);
  const wanted = target === undefined ? undefined : positionOf(stage, target);
  const said = resolveMembers(stage, members);
  return (one) =>
    one.command === command &&
    (node === undefined || one.node === node) &&
    (wanted === undefined || one.target === undefined || one.target === wanted) &&
    wrongMember(stage, said, one.value) === undefined;
}

/** These come, in this order, whatever else comes in between. What came before the last of them is gone then, unless any order is right. */
export async function expectAsked(stage: Stage, step: StepOf<"expectAsked">): Promise<void> {
  const { asks: mailbox } = host(stage);
  const { asks, anyOrder = false } = step;
  let from = 0;
  for (const wanted of asks) {
    const index = await mailbox.find(matcher(stage, wanted, step), from, stage.waitMs);
    if (index === undefined) throw new StepFailure(`${wanted} of ${asks.join(", ")}`, askedText(stage));
    if (anyOrder) mailbox.items.splice(index, 1);
    else from = index + 1;
  }
  mailbox.items.splice(0, from);
}

/** None of these has come since the last `forget`, or what was expected last. */
export async function expectNotAsked(stage: Stage, step: StepOf<"expectNotAsked">): Promise<void> {
  await stage.settleEvents(stage.node());
  const unwanted = step.asks.map((ask) => matcher(stage, ask, step));
  const found = host(stage).asks.items.find((ask) => unwanted.some((matches) => matches(ask)));
  if (found !== undefined) throw new StepFailure(`no ${askText(found)}`, askedText(stage));
}

export async function expectAskedAtMost(stage: Stage, step: StepOf<"expectAskedAtMost">): Promise<void> {
  const found = host(stage).asks.items.filter(({ command }) => command === step.command).length;
  if (found > step.count) throw new StepFailure(`at most ${step.count} × ${step.command}`, `${found}`);
}

/** At last no more virtual nodes than so many have a session with the testee. */
export async function expectSessions(stage: Stage, { most }: StepOf<"expectSessions">): Promise<void> {
  await atLast(stage, async () => {
    const open = host(stage).ring.nodes.filter(({ session }) => session?.isOver === false);
    if (open.length <= most) return undefined;
    return new StepFailure(`${most} sessions at most`, open.map(({ name }) => name).join(", "));
  });
}

export async function forget(stage: Stage): Promise<void> {
  host(stage).asks.items.length = 0;
}

export async function dropTestee(stage: Stage): Promise<void> {
  host(stage).ring.hasTestee = false;
}

interface Entry {
  readonly nodeId: string;
  readonly incarnation: bigint;
}

function entryOf(stage: Stage, bytes: Bytes): Entry {
  try {
    const { record, body } = decodeRecord(bytes, stage.descriptor);
    if (!(body["features"] as readonly number[]).includes(3))
      throw new StepFailure("a record that lists MEMBER", "another");
    return { nodeId: toHex(record.nodeId), incarnation: record.incarnation };
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    throw new StepFailure("a right record", error.message);
  }
}

/** Why an entry is not the one that is wanted, or undefined. */
function entryFault(stage: Stage, wanted: RingEntry, entry: Entry | undefined): string | undefined {
  const { as, incarnation } = typeof wanted === "string" ? { as: wanted, incarnation: undefined } : wanted;
  if (entry === undefined) return "missing";
  if (entry.nodeId !== toHex(stage.identity(as).nodeId)) return nameOf(stage, entry.nodeId);
  const same = incarnation === undefined || BigInt(incarnation) === entry.incarnation;
  return same ? undefined : `incarnation ${entry.incarnation}`;
}

function nameOf(stage: Stage, nodeId: string): string {
  const known: readonly (readonly [string, Identity])[] = [...stage.nodes.values()].map((node) => [node.name, node.identity] as const); // prettier-ignore
  const own = known.find(([, identity]) => toHex(identity.nodeId) === nodeId);
  return own?.[0] ?? stage.ring?.ring.byNodeId(nodeId)?.name ?? `${nodeId.slice(0, 8)}…`;
}

/** The testee's answer to STATE, asked by somebody who is no member, or by a virtual node. */
async function askState(stage: Stage, node: TesteeNode, by: string | undefined): Promise<MessageValue> {
  const session = by === undefined ? await observerOf(stage, node) : await host(stage).sessionOf(host(stage).node(by));
  const frame = await session.request("STATE");
  checkAnswered(frame);
  const value = decodePayload(frame);
  const self = entryOf(stage, value["self"] as Bytes);
  if (self.nodeId !== toHex(node.identity.nodeId)) throw new StepFailure("its own record", nameOf(stage, self.nodeId));
  const count = (value["successors"] as readonly Bytes[]).length;
  if (count > stage.network.successors)
    throw new StepFailure(`at most ${stage.network.successors} entries`, `${count}`);
  return value;
}

/** What an answer to STATE does not say as the step wants it. */
function stateFault(stage: Stage, step: StepOf<"expectState">, value: MessageValue): StepFailure | undefined {
  const { phase, predecessor, list, wraps } = step;
  const before = value["predecessor"] as Bytes;
  const entries = (value["successors"] as readonly Bytes[]).map((bytes) => entryOf(stage, bytes));
  const known = before.length === 0 ? undefined : entryOf(stage, before);
  const shown = `phase ${String(value["phase"])}, predecessor ${known === undefined ? "none" : nameOf(stage, known.nodeId)}, list ${entries.map(({ nodeId }) => nameOf(stage, nodeId)).join(" ") || "empty"}, wraps ${String(value["wraps"])}`; // prettier-ignore
  const fault = (what: string): StepFailure => new StepFailure(what, shown);
  if (phase !== undefined && value["phase"] !== phase) return fault(`phase ${phase}`);
  if (wraps !== undefined && value["wraps"] !== wraps) return fault(`wraps ${wraps}`);
  if (predecessor === "" && known !== undefined) return fault("no predecessor");
  if (predecessor !== undefined && predecessor !== "" && entryFault(stage, predecessor, known) !== undefined) {
    return fault(`the predecessor ${JSON.stringify(predecessor)}, not ${entryFault(stage, predecessor, known)}`);
  }
  const wrong = list?.findIndex((wanted, index) => entryFault(stage, wanted, entries[index]) !== undefined) ?? -1;
  const same = wrong < 0 && (list === undefined || list.length === entries.length);
  return same ? undefined : fault(`the list ${list?.map((one) => (typeof one === "string" ? one : one.as)).join(" ") || "empty"}`); // prettier-ignore
}

/** The testee says this of itself: at once, or at last. */
export async function expectState(stage: Stage, step: StepOf<"expectState">): Promise<void> {
  const node = stage.node(step.node);
  await atLast(stage, async () => {
    const fault = stateFault(stage, step, await askState(stage, node, step.by));
    if (fault !== undefined && step.still === true) throw fault;
    return fault;
  });
}

/** The testee's answer to STEP. */
export async function expectStep(stage: Stage, step: StepOf<"expectStep">): Promise<void> {
  const session = await observerOf(stage, stage.node(step.node));
  const target = positionBytes(positionOf(stage, step.target));
  const frame = await session.request("STEP", layMessage("Step", { target }));
  if (step.code !== undefined) {
    if ((frame.flags & FAILED) !== 0 && codeOf(frame) === step.code) return;
    throw new StepFailure(`FAILED ${step.code}`, frameText(frame), codeOf(frame));
  }
  checkAnswered(frame);
  const value = decodeMessage("StepAnswer", frame.payload);
  for (const member of ["owners", "next"] as const) {
    const entries = (value[member] as readonly Bytes[]).map((bytes) => nameOf(stage, entryOf(stage, bytes).nodeId));
    if (entries.length > limitOf("STEP_RECORDS")) throw new StepFailure("four records at most", `${entries.length}`);
    const wanted = step[member]?.map((name) => stage.ring?.ring.find(name)?.name ?? name) ?? [];
    if (wanted.join() !== entries.join()) throw new StepFailure(`${member} ${wanted.join(" ") || "none"}`, entries.join(" ") || "none"); // prettier-ignore
  }
}

export async function lookUp(stage: Stage, step: StepOf<"lookUp">): Promise<void> {
  const { handle } = stage.node(step.node);
  const contact = step.contact === undefined ? "" : contactAddress(stage, step.contact);
  const input = { node: handle, target: toHex(positionBytes(positionOf(stage, step.target))), contact };
  if (step.reject !== undefined) return stage.refusedCommand("node.lookup", input, step.reject);
  const ok = await stage.command("node.lookup", input);
  stage.notebook.requests.set(step.request, { node: handle, request: Number(ok["request"]) });
}
