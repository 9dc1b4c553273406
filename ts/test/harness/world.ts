// Engines joined by virtual wires, in virtual time. What happens next is drawn from a seed: any order that a real network
// and real thread pools could produce, and the same one again for the same seed.

import { encodeUtf8 } from "../../src/bytes/index.js";
import { Engine, type Anchor } from "../../src/engine/index.js";
import { Limit, type LimitName } from "../../src/gen/registry.js";
import { defaultDescriptor, isValidKey, networkFrom, type Descriptor, type Network } from "../../src/identity/index.js";
import { plainChannel } from "../../src/session/index.js";
import { Pipe } from "./pipe.js";
import { pick, randomBytes, seeded } from "./random.js";
import { hasher } from "./signatures.js";
import { TestNode, type Action, type TestLink } from "./test-node.js";

export interface WorldOptions {
  readonly seed: number;
  readonly descriptor?: Partial<Descriptor>;
  /** Nodes look for no peers of their own accord, unless PEERS_TARGET says so. */
  readonly limits?: Partial<Record<LimitName, number>>;
  /** Address of a node by its number, for nodes that tell others of each other. @defaultValue `w:<number>`, told to nobody */
  readonly address?: (node: number) => string;
  /** Longest chunk written or read at once. @defaultValue 4096 */
  readonly chunkBytes?: number;
  /** Chunks are always as long as can be. */
  readonly isWhole?: boolean;
  /** Bytes on the way per direction. @defaultValue 65,536 */
  readonly capacity?: number;
}

interface End {
  readonly dial?: number | undefined;
  readonly remoteAddress?: string | undefined;
}

const start = 1_767_225_600_000;
/** More steps than any test needs: a world that never comes to rest has a bug. */
const mostSteps = 2_000_000;

export class World {
  readonly network: Network;
  readonly nodes: TestNode[] = [];
  readonly random: () => number;
  readonly #options: WorldOptions;
  now = start;
  readonly #gone = new Set<TestNode>();
  readonly #isolated = new Set<TestNode>();
  #lastLink = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.random = seeded(options.seed);
    const descriptor = { ...defaultDescriptor, policy: 0, name: encodeUtf8("world"), ...options.descriptor };
    this.network = networkFrom(hasher, descriptor);
  }

  /** Adds a node that listens at its address. */
  addNode(
    options: {
      readonly id?: Uint8Array;
      readonly incarnation?: bigint;
      readonly anchors?: readonly Anchor[];
      readonly limits?: WorldOptions["limits"];
    } = {},
  ): TestNode {
    const id = options.id ?? this.#newId();
    const { anchors = [] } = options;
    const config = {
      network: this.network,
      nodeId: id,
      limits: { ...Limit, PEERS_TARGET: 0, ...this.#options.limits, ...options.limits },
      hasher,
      random: { bytes: (length: number) => randomBytes(this.random, length) },
      incarnation: options.incarnation ?? BigInt(this.now),
      lastSequence: 0n,
      agent: "test",
      compressions: [1, 3, 2],
      anchors,
    };
    const node = new TestNode(`n${this.nodes.length}`, new Engine(config, this.now), id, {
      now: () => this.now,
      chunk: () => this.#chunk(),
      dial: (from, dial, address) => this.#dialled(from, dial, address),
    });
    this.nodes.push(node);
    const told = this.#options.address === undefined ? [] : [this.addressOf(node)];
    node.input((engine, now) => engine.announce(told, now));
    return node;
  }

  #chunk(): number {
    const { isWhole = false, chunkBytes = 4096 } = this.#options;
    return isWhole ? chunkBytes : 1 + pick(this.random, chunkBytes);
  }

  #newId(): Uint8Array {
    for (;;) {
      const id = randomBytes(this.random, 32);
      if (isValidKey(id)) return id;
    }
  }

  /** The address of a node. */
  addressOf(node: TestNode): string {
    const { address = (number) => `w:${number}` } = this.#options;
    return address(this.nodes.indexOf(node));
  }

  #dialled(from: TestNode, dial: number, address: string): void {
    const to = this.nodes.find((node) => this.addressOf(node) === address && !this.#gone.has(node));
    if (to === undefined || this.#isolated.has(to) || this.#isolated.has(from))
      from.input((engine, now) => engine.dialFailed(dial, "nobody there", now));
    else this.join(from, to, dial);
  }

  /** Makes a connection; both ends name it alike. */
  join(initiator: TestNode, responder: TestNode, dial?: number): number {
    const name = this.connect(initiator, responder);
    const areTold = this.#options.address !== undefined;
    const [there, back] = areTold ? [responder, initiator].map((node) => this.addressOf(node)) : [];
    this.openEnd(initiator, name, "initiator", { dial, remoteAddress: there });
    this.openEnd(responder, name, "responder", { remoteAddress: back });
    return name;
  }

  /** Lays the wires of a connection without telling the engines: `openEnd` does. */
  connect(initiator: TestNode, responder: TestNode): number {
    const name = ++this.#lastLink;
    const [there, back] = [new Pipe(), new Pipe()];
    initiator.links.set(name, this.#link(name, there, back));
    responder.links.set(name, this.#link(name, back, there));
    return name;
  }

  #link(name: number, out: Pipe, in_: Pipe): TestLink {
    const capacity = this.#options.capacity ?? 65_536;
    const flags = { isPaused: false, isWritable: false, isEnding: false, isEndTold: false };
    return { name, out, in: in_, capacity, ...flags };
  }

  openEnd(
    node: TestNode,
    name: number,
    role: "initiator" | "responder",
    { dial, remoteAddress = `w:${name}` }: End = {},
  ): void {
    const facts = { channel: plainChannel, hasHalfClose: true, inProcess: false, openingMs: 0 };
    const info = { ...facts, role, remoteAddress };
    node.input((engine, now) => engine.open(name, dial === undefined ? info : { ...info, dial }, now));
  }

  /** A node is gone without a word: its connections break, and nobody answers at its address. */
  kill(node: TestNode): void {
    this.#gone.add(node);
    for (const link of Array.from(node.links.values())) {
      link.out.isClosed = true;
      link.in.discard();
    }
    node.links.clear();
  }

  /** A node has no network for a while: its connections break, and nothing that it or another dials comes through. */
  isolate(node: TestNode, isIsolated: boolean): void {
    if (!isIsolated) return void this.#isolated.delete(node);
    this.#isolated.add(node);
    for (const link of Array.from(node.links.values())) node.cut(link);
  }

  get #live(): TestNode[] {
    return this.#gone.size === 0 ? this.nodes : this.nodes.filter((node) => !this.#gone.has(node));
  }

  /** Everything that can happen now, anywhere. */
  actions(): Action[] {
    return this.#live.flatMap((node) => node.actions());
  }

  /** One thing happens, if any can. */
  step(): boolean {
    const actions = this.actions();
    actions[pick(this.random, actions.length)]?.run();
    return actions.length > 0;
  }

  /** Things happen until nothing can; the time stands still. */
  settle(): void {
    for (let steps = 0; this.step(); steps++) {
      if (steps > mostSteps) throw new Error("the world does not come to rest");
    }
  }

  /** Time passes, and everything that is due happens. */
  advance(ms: number): void {
    const until = this.now + ms;
    this.settle();
    for (let wakes = 0; ; wakes++) {
      const due = Math.min(...this.#live.map((node) => node.engine.deadline ?? Infinity));
      if (due > until) break;
      if (wakes > mostSteps) throw new Error("the world wakes for ever");
      this.now = Math.max(this.now, due);
      for (const node of this.#live) if ((node.engine.deadline ?? Infinity) <= this.now) this.wake(node);
      this.settle();
    }
    this.now = until;
  }

  wake(node: TestNode): void {
    node.input((engine, now) => engine.wake(now));
  }
}
