// A small network inside one process, for tests of applications: nodes with the whole API, joined in memory as a topology says,
// whose links can be cut and whose nodes can die. Not for measuring: bytes take no time here.

import { createHash } from "node:crypto";
import { equalBytes, formatHex } from "../bytes/index.js";
import { misuse } from "../errors/index.js";
import { linksOf, Prng, type Link, type TopologyName } from "../sim/index.js";
import { identityFromSeed, type Identity } from "./identity.js";
import { createNode } from "./create-node.js";
import type { Node } from "./node.js";
import type { WaitOptions } from "./node-messaging.js";
import type { NodeOptions } from "./options.js";
import { Front } from "./testnet-front.js";

export interface TestnetOptions {
  /** Who is linked with whom; `full` is everybody with everybody. @defaultValue "full" */
  readonly topology?: TopologyName | "full";
  /** In place of a topology: pairs of indices. */
  readonly links?: readonly (readonly [number, number])[];
  /** Name or parameters of the network. @defaultValue "testnet" */
  readonly network?: NodeOptions["network"];
  /** Identities and random topologies are drawn from it: the same at every start. @defaultValue 1 */
  readonly seed?: number;
  /** Further options of the nodes. Unless its limits say so, a node looks for no peers of its own accord. */
  readonly node?: Partial<Omit<NodeOptions, "network" | "identity" | "listen" | "announce" | "bootstrap" | "host">>;
}

/** Dials come soon enough for a test. */
const limits = { PEERS_TARGET: 0, REDIAL_MIN_MS: 10, REDIAL_MAX_MS: 100 };
const mostNodes = 200;

/** Nodes of one process that are a network. Made by `createTestnet`. */
export class Testnet implements AsyncDisposable {
  readonly #options: TestnetOptions;
  readonly #links: readonly Link[];
  readonly #identities: readonly Identity[];
  readonly #fronts: Front[] = [];
  readonly #nodes: Node[] = [];
  readonly #dead = new Set<number>();
  readonly #cut = new Set<string>();
  readonly #waiting = new Set<() => void>();

  /** Use `createTestnet`. */
  constructor(count: number, options: TestnetOptions) {
    this.#options = options;
    this.#identities = Array.from({ length: count }, (_, i) => identityOf(options.seed ?? 1, i));
    this.#links = topologyOf(count, options);
  }

  /** @internal */
  async open(): Promise<void> {
    for (const index of this.#identities.keys()) {
      this.#fronts.push(await Front.open((dialler) => this.#mayPass(this.#indexOf(dialler), index)));
    }
    for (const index of this.#identities.keys()) await this.#start(index);
    await this.connected();
  }

  /** The nodes by their indices; one that was restarted is another object. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** Pairs of indices that are linked, cut or not. */
  get links(): readonly Link[] {
    return this.#links;
  }

  /** Resolves once all that are linked, alive and not cut are peers. */
  connected(options: WaitOptions = {}): Promise<void> {
    return this.#until(
      () => this.#links.every(([a, b]) => !this.#isUsable(a, b) || (this.#isPeer(a, b) && this.#isPeer(b, a))),
      options,
    );
  }

  /** Breaks what connects two nodes, and keeps them apart until `heal`; resolves once neither holds the other for a peer. */
  cut(a: number, b: number, options: WaitOptions = {}): Promise<void> {
    this.#check(a, b);
    this.#cut.add(keyOf(a, b));
    this.#fronts[a]?.cut(this.#keyOf(b));
    this.#fronts[b]?.cut(this.#keyOf(a));
    return this.#until(() => !this.#isPeer(a, b) && !this.#isPeer(b, a), options);
  }

  /** Undoes `cut` for two nodes, or for all; resolves as `connected` does. */
  heal(pair?: readonly [number, number], options: WaitOptions = {}): Promise<void> {
    if (pair === undefined) this.#cut.clear();
    else {
      this.#check(...pair);
      this.#cut.delete(keyOf(...pair));
    }
    return this.connected(options);
  }

  /** A process dies: its connections break, and nobody is told why. Resolves once no other node holds it for a peer. */
  async kill(index: number, options: WaitOptions = {}): Promise<void> {
    this.#check(index);
    if (this.#dead.has(index)) return;
    this.#dead.add(index);
    const front = this.#fronts[index];
    if (front !== undefined) front.target = undefined;
    front?.cut();
    for (const other of this.#fronts) other.cut(this.#keyOf(index));
    await this.#nodes[index]?.close();
    await this.#until(
      () => !this.#nodes.some((_, other) => !this.#dead.has(other) && this.#isPeer(other, index)),
      options,
    );
  }

  /** Starts a dead node anew with its identity, as another process would; resolves as `connected` does. */
  async restart(index: number, options: WaitOptions = {}): Promise<Node> {
    this.#check(index);
    if (!this.#dead.has(index)) throw misuse(`node ${index} is alive; kill it first`);
    const node = await this.#start(index);
    this.#dead.delete(index);
    await this.connected(options);
    return node;
  }

  /** Closes all nodes. Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
    await Promise.all(this.#fronts.map((front) => front.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #start(index: number): Promise<Node> {
    const front = this.#fronts[index] as Front;
    const { network = "testnet", node: given = {} } = this.#options;
    const bootstrap = this.#links
      .filter(([dialler]) => dialler === index)
      .map(([, to]) => this.#fronts[to]?.address ?? "");
    const node = await createNode({
      ...given,
      network,
      identity: this.#identities[index] as Identity,
      listen: ["memory://any"],
      announce: [front.address],
      bootstrap,
      limits: { ...limits, ...given.limits },
    });
    [front.target] = node.addresses;
    for (const type of ["peer.up", "peer.down"] as const) node.on(type, () => this.#look());
    this.#nodes[index] = node;
    return node;
  }

  #isUsable(a: number, b: number): boolean {
    return !this.#dead.has(a) && !this.#dead.has(b) && !this.#cut.has(keyOf(a, b));
  }

  #mayPass(a: number, b: number): boolean {
    return this.#isUsable(a, b);
  }

  #isPeer(of: number, other: number): boolean {
    const id = this.#identities[other]?.nodeId ?? new Uint8Array(0);
    return this.#nodes[of]?.peers.some((peer) => equalBytes(peer, id)) ?? false;
  }

  #keyOf(index: number): string {
    return formatHex(this.#identities[index]?.nodeId ?? new Uint8Array(0));
  }

  #indexOf(key: string): number {
    return this.#identities.findIndex(({ nodeId }) => formatHex(nodeId) === key);
  }

  #check(...indices: readonly number[]): void {
    const wrong = indices.find((index) => this.#identities[index] === undefined);
    if (wrong !== undefined) throw misuse(`there is no node ${wrong}; they are 0…${this.#identities.length - 1}`);
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }

  /** Resolves once something is true; looked at whenever peers come or go. */
  #until(isTrue: () => boolean, { signal }: WaitOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(look);
        signal?.removeEventListener("abort", abort);
      };
      const abort = (): void => {
        settle();
        reject(signal?.reason as Error);
      };
      const look = (): void => {
        if (!isTrue()) return;
        settle();
        resolve();
      };
      if (signal?.aborted === true) return abort();
      this.#waiting.add(look);
      signal?.addEventListener("abort", abort);
      return look();
    });
  }
}

const keyOf = (a: number, b: number): string => `${Math.min(a, b)} ${Math.max(a, b)}`;

/** An identity that is the same at every start. */
function identityOf(seed: number, index: number): Identity {
  return identityFromSeed(new Uint8Array(createHash("sha256").update(`motet testnet ${seed} ${index}`).digest()));
}

function topologyOf(count: number, { topology = "full", links, seed = 1 }: TestnetOptions): readonly Link[] {
  if (!Number.isInteger(count) || count < 1 || count > mostNodes)
    throw misuse(`a testnet cannot have ${count} nodes; it has from 1 to ${mostNodes}`);
  const all = Array.from({ length: count }, (_, i) => i);
  if (links === undefined)
    return topology === "full"
      ? all.flatMap((a) => all.filter((b) => a < b).map((b): Link => [a, b]))
      : linksOf(topology, count, new Prng(seed));
  const wrong = links.find(([a, b]) => a === b || !all.includes(a) || !all.includes(b));
  if (wrong !== undefined) throw misuse(`[${wrong.join(", ")}] is no link among nodes 0…${count - 1}`);
  return [...new Map(links.map((link) => [keyOf(...link), link])).values()];
}

/**
 * Makes a network of `count` nodes in this process, and resolves once all that are linked are peers.
 * @param count 1…200.
 * @throws {ProtocolError} MISUSE
 */
export async function createTestnet(count: number, options: TestnetOptions = {}): Promise<Testnet> {
  const testnet = new Testnet(count, options);
  try {
    await testnet.open();
  } catch (error) {
    await testnet.close();
    throw error;
  }
  return testnet;
}
