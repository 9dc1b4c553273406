// Everything one scenario has at hand while it runs: testee nodes, raw peers, made broadcasts, events, clock, deadlines, trace.
// Knows link/1 and names; what the steps mean is in steps/.
import { randomBytes } from "node:crypto";
import { describe, encodeDescriptor, networkIdOf, toHex, type Bytes, type Descriptor } from "../golden/index.js";
import type { Testee } from "../link/index.js";
import type { Broadcast } from "./broadcast.js";
import { certificateOf, localAddress, type Certificate, type Scheme } from "./carrier/index.js";
import { identityWithWork, nameOf, type Identity } from "./identity.js";
import type { RawPeer } from "./peer.js";
import type { NodeOptions, Scenario } from "./scenario.js";
import type { RingHost } from "./ring/index.js";
import { Notebook } from "./notebook.js";
import { StepFailure } from "./step-failure.js";
import type { Tap } from "./tap.js";
import { Trace } from "./trace.js";

export type LinkEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** A node of the testee. */
export interface TesteeNode {
  readonly name: string;
  /** Its number in link/1. */
  readonly handle: number;
  readonly identity: Identity;
  readonly address: string;
  /** Addresses that its operator configured. */
  readonly configured: readonly string[];
  /** The certificate that it was given, DER. */
  readonly certificate?: Bytes;
  stopped: boolean;
  /** Of its own broadcast made last. */
  lastSequence?: bigint;
}

export interface StageOptions {
  readonly testee: Pick<Testee, "request" | "events">;
  readonly scenario: Scenario;
  /** Longest wait of one step. */
  readonly waitMs: number;
  /** What carries the connections of a scenario that does not say; TCP when left out. */
  readonly transport?: Scheme;
  /** The testee can compute the binding of kind 4. */
  readonly hasExporter?: boolean;
}

const NODE = "testee";

/** Peer selection (4.9) is off unless a scenario is about it: what it dials and asks would come in between. */
const QUIET_LIMITS: Readonly<Record<string, string>> = { PEERS_TARGET: "0" };

/**
 * In a scenario about the ring nothing happens by itself but what a node does at once: rounds and audits come when they are told, or when
 * the clock is advanced. Nodes that cannot be dialled are many there, and all at one address.
 */
const RING_LIMITS: Readonly<Record<string, string>> = {
  RING_STABILIZE_MS: "600000",
  RING_STABILIZE_QUIET_MS: "600000",
  RING_AUDIT_MS: "600000",
  DIAL_FAILURES: "1000",
  DIAL_PREFIX_FAILURES: "1000",
};

/** The state of a scenario. */
export class Stage {
  readonly scenario: Scenario;
  readonly waitMs: number;
  readonly transport: Scheme;
  readonly hasExporter: boolean;
  readonly trace = new Trace();
  readonly network: Descriptor;
  readonly descriptor: Bytes;
  readonly networkId: Bytes;
  readonly nodes = new Map<string, TesteeNode>();
  readonly peers = new Map<string, RawPeer>();
  /** Also those whose name was given to a later connection. */
  readonly allPeers: RawPeer[] = [];
  readonly broadcasts = new Map<string, readonly Broadcast[]>();
  readonly nonces = new Set<string>();
  readonly notebook = new Notebook();
  /** Men in the middle. */
  readonly taps = new Map<string, Tap>();
  /** The runner as nodes of a ring. */
  ring: RingHost | undefined;
  readonly #testee: StageOptions["testee"];
  readonly #sequences = new Map<string, bigint>();
  readonly #dials = new Map<string, number>();
  #clockOffset = 0;

  constructor({ testee, scenario, waitMs, transport = "tcp", hasExporter = false }: StageOptions) {
    this.#testee = testee;
    this.scenario = scenario;
    this.waitMs = waitMs;
    this.transport = scenario.transport ?? transport;
    this.hasExporter = hasExporter;
    this.network = describe("motet-test", { policy: 0, ...scenario.network });
    this.descriptor = encodeDescriptor(this.network);
    this.networkId = networkIdOf(this.descriptor);
  }

  get signed(): boolean {
    return (this.network.policy & 2) === 0;
  }

  /** The testees' clock: the runner's and what it was advanced by. */
  now(): number {
    return Date.now() + this.#clockOffset;
  }

  advanced(ms: number): void {
    this.#clockOffset += ms;
  }

  random(size: number): Bytes {
    return new Uint8Array(randomBytes(size));
  }

  /** Identity of a name in this network; `testee` and `alive` get the work it asks for, others have what they have. */
  identity(name: string): Identity {
    const onRing = this.ring?.ring.find(name);
    if (onRing !== undefined) return onRing.identity;
    const privileged = this.nodes.has(name) || name === NODE || name === "alive";
    return identityWithWork(name, privileged ? this.network.workBits : 0);
  }

  /** A request that must succeed. */
  async command(op: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    const reply = await this.#testee.request(op, input);
    if (reply.kind === "ok") return reply.ok;
    const code = reply.kind === "reject" ? reply.code : undefined;
    throw new StepFailure(`${op} to succeed`, `${reply.kind} ${JSON.stringify(reply)}`, code);
  }

  /** Code with which a request is refused, undefined when it is done. */
  async refusalOf(op: string, input: Readonly<Record<string, unknown>>): Promise<string | undefined> {
    const reply = await this.#testee.request(op, input);
    if (reply.kind === "ok") return undefined;
    if (reply.kind === "reject") return reply.code;
    throw new StepFailure(`${op} to be done or refused`, JSON.stringify(reply));
  }

  /** A request that must be refused with this code. */
  async refusedCommand(op: string, input: Readonly<Record<string, unknown>>, code: string): Promise<void> {
    const reply = await this.#testee.request(op, input);
    if (reply.kind === "reject" && reply.code === code) return;
    const actual = reply.kind === "reject" ? reply.code : undefined;
    throw new StepFailure(`${op} to be refused with ${code}`, JSON.stringify(reply), actual);
  }

  startInput(
    name: string,
    limits: Readonly<Record<string, string>> = this.scenario.limits ?? {},
    options: NodeOptions = this.scenario,
  ): Record<string, unknown> {
    const { certificate, configured, origins } = options;
    return {
      seed: toHex(this.identity(name).seed),
      network: toHex(this.descriptor),
      listen: [localAddress(this.transport)],
      incarnation: this.scenario.incarnation ?? "0",
      limits: { ...QUIET_LIMITS, ...(this.scenario.member === true ? RING_LIMITS : {}), ...limits },
      ...(this.scenario.member === true ? { member: true } : {}),
      ...(configured === undefined ? {} : { configured }),
      ...(origins === undefined ? {} : { origins }),
      ...(certificate === undefined ? {} : membersOf(this.#certificate(certificate))),
    };
  }

  #certificate(name: string): Certificate {
    return certificateOf(name, name.startsWith("@") ? this.identity(name.slice(1)).seed : undefined);
  }

  async startNode(name: string, limits?: Readonly<Record<string, string>>, options?: NodeOptions): Promise<TesteeNode> {
    const identity = identityWithWork(name, this.network.workBits);
    const ok = await this.command("node.start", this.startInput(name, limits, options));
    const address = (ok["addresses"] as readonly string[])[0] ?? "";
    if (ok["nodeId"] !== toHex(identity.nodeId)) throw new StepFailure("the node id of the seed", String(ok["nodeId"]));
    const { configured = [], certificate } = options ?? this.scenario;
    const given = certificate === undefined ? {} : { certificate: this.#certificate(certificate).der };
    const node = { name, handle: Number(ok["node"]), identity, address, configured, ...given, stopped: false };
    this.nodes.set(name, node);
    return node;
  }

  node(name: string = NODE): TesteeNode {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`the scenario has no node ${name}`);
    return node;
  }

  peer(name: string): RawPeer {
    const peer = this.peers.get(name);
    if (peer === undefined) throw new Error(`the scenario has no peer ${name}`);
    return peer;
  }

  addPeer(peer: RawPeer): RawPeer {
    this.peers.set(peer.name, peer);
    return peer;
  }

  messages(name: string): readonly Broadcast[] {
    const found = this.broadcasts.get(name);
    if (found === undefined) throw new Error(`the scenario has no message ${name}`);
    return found;
  }

  /** The next sequence of an origin. */
  nextSequence(origin: string): bigint {
    return (this.#sequences.get(origin) ?? 999_999n) + 1n;
  }

  sequenceUsed(origin: string, sequence: bigint): void {
    const highest = this.#sequences.get(origin) ?? 0n;
    if (sequence > highest) this.#sequences.set(origin, sequence);
  }

  /** Dial counter of an identity's next connection. */
  nextDial(name: string): number {
    const next = (this.#dials.get(name) ?? 0) + 1;
    this.#dials.set(name, next);
    return next;
  }

  /** First event that fits, waiting for it. */
  event(matches: (event: LinkEvent) => boolean, ms: number = this.waitMs): Promise<LinkEvent | undefined> {
    return this.#testee.events.next(matches, ms);
  }

  /** Events that no step has taken. */
  get waitingEvents(): readonly LinkEvent[] {
    return this.#testee.events.waiting;
  }

  /** All that happened before this call is in the queue of events when it returns. */
  async settleEvents(node: TesteeNode): Promise<void> {
    await this.command("node.snapshot", { node: node.handle });
  }

  /** Events still waiting, for the report of a failure. */
  waitingText(): string {
    const texts = this.waitingEvents.map(eventText);
    return texts.length === 0 ? "no event" : texts.join("; ");
  }

  close(): void {
    this.ring?.close();
    this.notebook.close();
    for (const peer of this.allPeers) peer.link.destroy();
    for (const tap of this.taps.values()) tap.close();
  }
}

/** What link/1 says of a certificate. */
function membersOf({ key, certificate }: Certificate): Readonly<Record<string, string>> {
  return { certificate, key };
}

/** One line for people. */
export function eventText(event: LinkEvent): string {
  const parts = Object.entries(event).map(([key, value]) => {
    if (key === "event") return String(value);
    const text = String(value);
    const name = ["peer", "from", "origin"].includes(key) ? nameOf(text) : text;
    return `${key}=${name.length > 24 ? `${name.slice(0, 24)}…` : name}`;
  });
  return parts.join(" ");
}
