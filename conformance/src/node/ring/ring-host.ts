// The runner as up to thousands of nodes of a ring at one address: takes the connections of the testee, lets HELLO's `wanted` say which
// node is meant, and answers as that node does. What the testee asked is kept in order, for steps to look at.
import { commandName, decodeMessage, errorNumberOf, FAILED, formatNodeId, fromLinkValue, GoldenError, layMessage, limitOf, positionNumber, REQUEST, RESPONSE, toHex, toLinkValue } from "../../golden/index.js"; // prettier-ignore
import type { Bytes, Frame, MessageValue } from "../../golden/index.js";
import { frameText } from "../arrival.js";
import { CarrierListener, type Handshaken } from "../carrier/index.js";
import { answerHandshake, completeHandshake, dialPeer, makePeer } from "../handshake.js";
import { expectHello } from "../hello.js";
import { Mailbox } from "../mailbox.js";
import type { RawPeer } from "../peer.js";
import { recordOf } from "../record.js";
import type { HelloOptions, RecordChange, RingCommand, RingEntry } from "../scenario.js";
import type { TableCommand } from "../scenario-table.js";
import type { Stage } from "../stage.js";
import { resolveMembers } from "../values.js";
import { RingSession } from "./ring-session.js";
import type { Place, VirtualRing } from "./virtual-ring.js";
import type { VirtualNode } from "./virtual-node.js";
import { VirtualTable, type PutRequest } from "./virtual-table.js";

const MEMBER = 3;

/** Something that the testee sent to a virtual node; or DIAL, of somebody who is none. */
export interface Ask {
  readonly node: VirtualNode | undefined;
  readonly command: string;
  /** Position in a STEP. */
  readonly target: bigint | undefined;
  /** What a command of the table said, as link/1 writes it. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** Payloads of the table's commands. */
const TABLE_PAYLOADS: Readonly<Record<string, string>> = {
  PUT: "Put",
  GET: "Get",
  SCAN: "Scan",
  SYNC: "Sync",
  WATCH: "Watch",
  CHANGED: "Changed",
};

const [PHASE_MEMBER, PHASE_LEFT_OUT] = [2, 1];

/** Takes part as everybody. */
export class RingHost {
  readonly ring: VirtualRing;
  readonly asks = new Mailbox<Ask>();
  readonly table: VirtualTable;
  /** Where nobody listens. */
  readonly nowhere: string;
  readonly #stage: Stage;
  readonly #listener: CarrierListener;
  readonly #records = new Map<string, Bytes>();
  #testeeRecord: Bytes | undefined;

  private constructor(stage: Stage, ring: VirtualRing, listener: CarrierListener, nowhere: string) {
    this.#stage = stage;
    this.ring = ring;
    this.#listener = listener;
    this.nowhere = nowhere;
    const { networkId, descriptor } = stage;
    const forward = (node: VirtualNode, put: PutRequest): Promise<MessageValue | undefined> => this.#forward(node, put);
    const world = { networkId, descriptor, tables: stage.network.tables, now: () => stage.now(), forward };
    this.table = new VirtualTable(ring, world);
    listener.serve(stage.waitMs, (made) => void this.#take(made));
  }

  static async open(stage: Stage, ring: VirtualRing): Promise<RingHost> {
    const closed = await CarrierListener.open(stage.transport);
    const listener = await CarrierListener.open(stage.transport);
    closed.close();
    return new RingHost(stage, ring, listener, closed.address);
  }

  /** The address without a pin. Who dials it gets the third node before the testee, or the first that there is. */
  get gate(): string {
    return this.#listener.address;
  }

  close(): void {
    this.#listener.close();
  }

  /** Address at which a node is dialled, with its id as pin. */
  addressOf(node: VirtualNode): string {
    return this.#listener.address.replace("://", `://${formatNodeId(node.identity.nodeId)}@`);
  }

  node(name: string): VirtualNode {
    const found = this.ring.find(name);
    if (found === undefined) throw new Error(`the ring has no ${name}`);
    return found;
  }

  /** Changed records are made anew. */
  renew(): void {
    this.#records.clear();
  }

  /** The record by which others name an entry; `own` is that by which it names itself. */
  recordOf(entry: RingEntry, own = false): Bytes {
    if (typeof entry !== "string") return this.#make(entry.as, entry);
    if (entry === "testee") return this.#testeeRecord ?? this.#make("testee", {});
    const key = `${own ? "own" : "listed"} ${entry}`;
    const { record, listed } = this.node(entry);
    const made = this.#records.get(key) ?? this.#make(entry, own ? record : listed);
    this.#records.set(key, made);
    return made;
  }

  #make(name: string, change: RecordChange): Bytes {
    const addresses = [name === "testee" ? this.#stage.node().address : this.#listener.address];
    return recordOf(this.#stage, name, { features: [MEMBER], addresses, ...change });
  }

  /** A session of this node with the testee: the one there is, or a new one that the runner dials. */
  async sessionOf(node: VirtualNode): Promise<RingSession> {
    if (node.session !== undefined && !node.session.isOver) return node.session;
    const { name } = node;
    const peer = await dialPeer(this.#stage, { peer: `${name} of the ring`, as: name });
    await completeHandshake(this.#stage, peer, { up: false, hello: this.#helloOf(node) });
    return this.#adopt(node, peer);
  }

  #helloOf({ name, record, change }: VirtualNode): HelloOptions {
    const { features = [MEMBER] } = record;
    return {
      set: { features, ...(change.receiveLimit === undefined ? {} : { receiveLimit: change.receiveLimit }) },
      record: { features: [MEMBER], addresses: [this.#listener.address], ...record, as: name },
    };
  }

  /** A connection that the testee has made. */
  async #take(made: Handshaken): Promise<void> {
    const stage = this.#stage;
    let peer: RawPeer | undefined;
    try {
      peer = makePeer(stage, { peer: "somebody of the ring" }, 1, made);
      await expectHello(stage, peer);
      const hello = decodeMessage("Hello", peer.theirHello ?? new Uint8Array());
      const wanted = hello["wanted"] as Bytes;
      const gate = this.ring.find("before3") ?? this.ring.nodes[0];
      const node = wanted.length === 0 ? gate : this.ring.byNodeId(toHex(wanted));
      if (node === undefined) this.asks.put({ node, command: "DIAL", target: undefined, value: {} });
      if (node === undefined || node.change.dead === true) return peer.link.destroy();
      this.#testeeRecord = hello["record"] as Bytes;
      peer.identity = stage.identity(node.name);
      await answerHandshake(stage, peer, this.#helloOf(node));
      this.#adopt(node, peer);
    } catch (error) {
      // What the testee does wrong in a handshake is for scenarios about handshakes to judge.
      stage.trace.add(`a connection to the ring came to nothing: ${String(error)}`);
      peer?.link.destroy();
    }
  }

  #adopt(node: VirtualNode, peer: RawPeer): RingSession {
    this.#testeeRecord ??= decodeMessage("Hello", peer.theirHello ?? new Uint8Array())["record"] as Bytes;
    const session = new RingSession(peer, this.#stage.waitMs, (frame) => void this.#receive(node, session, frame));
    node.session = session;
    peer.link.name = node.name;
    return session.begin();
  }

  async #receive(node: VirtualNode, session: RingSession, frame: Frame): Promise<void> {
    const command = commandName(frame.command) ?? "";
    const message = TABLE_PAYLOADS[command];
    if (message === undefined && !["STATE", "STEP", "LEAVE", "NOTIFY", "HINT"].includes(command)) return;
    const target =
      command === "STEP" ? positionNumber(decodeMessage("Step", frame.payload)["target"] as Bytes) : undefined;
    this.#stage.trace.add(`ring: ${node.name} ← ${frameText(frame)}`);
    const value = message === undefined ? {} : toLinkValue(message, decodeMessage(message, frame.payload));
    this.asks.put({ node, command, target, value });
    if (command === "NOTIFY") this.#welcome(node);
    if ((frame.flags & REQUEST) !== 0) await this.#answer(node, session, command as RingCommand, frame);
  }

  /** A node that hears from the testee behind it takes it in, as do those before. */
  #welcome(node: VirtualNode): void {
    const { ring } = this;
    if (node.present && ring.nodes.find(({ present }) => present) === node) ring.hasTestee = true;
  }

  async #answer(node: VirtualNode, session: RingSession, command: RingCommand, { tag, payload }: Frame): Promise<void> {
    const { silent = [], failing, hangsUp = [], answersOnce = [] } = node.change;
    if (hangsUp.includes(command)) {
      node.change = { ...node.change, hangsUp: hangsUp.filter((one) => one !== command) };
      return session.abort();
    }
    if (silent.includes(command)) return;
    if (failing?.commands.includes(command) === true) {
      const failure = layMessage("Error", { code: errorNumberOf(failing.code), text: "" });
      return session.send(command, failure, RESPONSE | FAILED, tag);
    }
    if (answersOnce.includes(command)) {
      const rest = answersOnce.filter((one) => one !== command);
      node.change = { ...node.change, answersOnce: rest, failing: { commands: [command], code: "BUSY" } };
    }
    const answer = TABLE_PAYLOADS[command] === undefined ? undefined : await this.#tableAnswer(node, command, payload);
    if (answer instanceof GoldenError) {
      const failure = layMessage("Error", { code: errorNumberOf(answer.code), text: "" });
      return session.send(command, failure, RESPONSE | FAILED, tag);
    }
    await session.send(command, answer ?? this.#payloadOf(node, command, payload), RESPONSE, tag);
  }

  /** What a right node says, but for the members that a scenario gives. */
  async #tableAnswer(node: VirtualNode, command: RingCommand, payload: Bytes): Promise<Bytes | GoldenError> {
    const lies = node.change.answers?.[command as TableCommand];
    const name = `${TABLE_PAYLOADS[command]}Answer`;
    try {
      const right = await this.#rightAnswer(node, command, payload);
      if (lies === undefined) return layMessage(name, right);
      return layMessage(name, { ...right, ...fromLinkValue(name, resolveMembers(this.#stage, lies)) });
    } catch (error) {
      if (!(error instanceof GoldenError)) throw error;
      if (lies === undefined) return error;
      return layMessage(name, fromLinkValue(name, resolveMembers(this.#stage, lies)));
    }
  }

  async #rightAnswer(node: VirtualNode, command: RingCommand, payload: Bytes): Promise<MessageValue> {
    const { table } = this;
    const value = decodeMessage(TABLE_PAYLOADS[command] ?? "", payload);
    if (command === "PUT") return table.put(node, value);
    if (command === "GET") return table.get(node, value);
    if (command === "SCAN") return table.scan(node, value);
    if (command === "SYNC") return table.sync(node, value);
    return { leaseMs: Math.min(Number(value["leaseMs"]), limitOf("WATCH_MS")) };
  }

  /** A node sends a PUT on to the testee, which is next to it. */
  async #forward(node: VirtualNode, { bytes, ...put }: PutRequest): Promise<MessageValue | undefined> {
    try {
      const session = await this.sessionOf(node);
      const frame = await session.request("PUT", layMessage("Put", { record: bytes, ...put }));
      return (frame.flags & FAILED) === 0 ? decodeMessage("PutAnswer", frame.payload) : undefined;
    } catch (error) {
      this.#stage.trace.add(`${node.name} could not send a PUT on: ${String(error)}`);
      return undefined;
    }
  }

  #payloadOf(node: VirtualNode, command: RingCommand, payload: Bytes): Bytes {
    if (command === "LEAVE") return new Uint8Array();
    if (command === "STATE") return layMessage("StateAnswer", this.#stateOf(node));
    const target = positionNumber(decodeMessage("Step", payload)["target"] as Bytes);
    return layMessage("StepAnswer", this.#stepOf(node, target));
  }

  #stateOf(node: VirtualNode): MessageValue {
    const { state = {} } = node.change;
    const view = this.ring.viewOf(node);
    const isJoining = state.phase === PHASE_LEFT_OUT;
    const predecessor = state.predecessor ?? (isJoining ? "" : nameOf(view.predecessor));
    const successors = state.successors ?? (isJoining ? [] : view.successors.map(nameOf));
    return {
      self: state.self === undefined ? this.recordOf(node.name, true) : this.recordOf(state.self),
      phase: state.phase ?? PHASE_MEMBER,
      predecessor: predecessor === "" ? new Uint8Array() : this.recordOf(predecessor),
      successors: successors.map((entry) => this.recordOf(entry)),
      wraps: state.wraps ?? (view.wraps && !isJoining ? 1 : 0),
    };
  }

  #stepOf(node: VirtualNode, target: bigint): MessageValue {
    const { step = "right" } = node.change;
    if (typeof step !== "string") {
      const { owners = [], next = [] } = step;
      return { owners: owners.map((one) => this.recordOf(one)), next: next.map((one) => this.recordOf(one)) };
    }
    const { owners = [], next = [] } = this.ring.stepOf(node, target, limitOf("STEP_RECORDS"));
    const crawling = step === "crawl" && next.length > 0 ? [this.ring.afterNode(node)] : next;
    const records = (places: readonly (Place | undefined)[]): Bytes[] =>
      places.map((place) => this.recordOf(nameOf(place)));
    return { owners: records(owners), next: records(crawling) };
  }
}

/** Name of who is at a place. */
function nameOf(place: Place | undefined): string {
  if (place === undefined) return "";
  return place.node?.name ?? "testee";
}
