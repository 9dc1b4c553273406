// The links of a run: which connections are open on them, what stands in their way, and how long they take. Dials end here.

import { Connection, type End, type Participant } from "./connection.js";
import type { EventQueue } from "./event-queue.js";
import { latencyTableUs } from "./latency-table.js";
import type { Prng } from "./prng.js";
import type { Scenario } from "./scenario.js";

export interface WiresOptions {
  readonly queue: EventQueue;
  readonly scenario: Scenario;
  readonly random: Prng;
  readonly delivered: (from: End, chunk: Uint8Array) => void;
}

/** What a dial leads to: both ends, or a reason why not. */
export type DialOutcome = { readonly connection: Connection } | { readonly failed: string };

export class Wires {
  readonly #options: WiresOptions;
  readonly #latencyUs: readonly number[];
  readonly #jitter: Prng;
  readonly #open = new Set<Connection>();
  readonly #extraUs = new Map<number, number>();
  /** Sides of partitions under way. */
  readonly #partitions = new Set<ReadonlySet<number>>();
  #lastId = 0;

  constructor(options: WiresOptions) {
    this.#options = options;
    this.#jitter = options.random.fork(3);
    const { links } = options.scenario;
    // Each link has a source of its own: leaving one out changes no other.
    this.#latencyUs = links.map(([a, b]) => options.random.fork(10_000 + a * 4096 + b).pick(latencyTableUs));
  }

  /** What one chunk takes longer than another, µs. */
  jitterUs(): number {
    return this.#jitter.below(2000);
  }

  latencyUs(link: number): number {
    return this.#latencyUs[link] as number;
  }

  /** Connects two participants, unless something is in the way. */
  connect(link: number, dialler: Participant, listener: Participant | undefined): DialOutcome {
    if (listener === undefined) return { failed: "nobody listens there" };
    if (this.#isParted(dialler.index, listener.index)) return { failed: "no way there" };
    const { queue, scenario, delivered } = this.#options;
    const { bytesPerSecond } = scenario;
    const latencyUs = this.latencyUs(link);
    const options = { id: ++this.#lastId, link, latencyUs, bytesPerSecond, delivered };
    const connection = new Connection(queue, [dialler, listener], options);
    connection.extraUs = this.#extraUs.get(link) ?? 0;
    this.#open.add(connection);
    return { connection };
  }

  /** Breaks the connections of which something is true. */
  #breakIf(isTrue: (connection: Connection) => boolean): void {
    for (const connection of this.#open) {
      if (connection.initiator.isClosed && connection.responder.isClosed) this.#open.delete(connection);
      else if (isTrue(connection)) {
        this.#open.delete(connection);
        connection.break();
      }
    }
  }

  /** Connections, opening or closing ones too, between participants of whom something is true. */
  openCount(isCounted: (index: number) => boolean): number {
    let count = 0;
    for (const connection of this.#open) {
      const { initiator, responder } = connection;
      if (initiator.isClosed && responder.isClosed) this.#open.delete(connection);
      else if (isCounted(initiator.owner.index) && isCounted(responder.owner.index)) count++;
    }
    return count;
  }

  breakLink(link: number): void {
    this.#breakIf((connection) => connection.link === link);
  }

  /** All connections of a participant break. */
  breakAllOf(index: number): void {
    this.#breakIf(({ initiator, responder }) => [initiator, responder].some((end) => end.owner.index === index));
  }

  /** What is sent over a link takes longer, until told otherwise. */
  delay(link: number, us: number): void {
    this.#extraUs.set(link, us);
    for (const connection of this.#open) if (connection.link === link) connection.extraUs = us;
  }

  /** Parts some from all others; heals with the answer. */
  part(side: readonly number[]): () => void {
    const parted = new Set(side);
    this.#partitions.add(parted);
    this.#breakIf(({ initiator, responder }) => this.#isParted(initiator.owner.index, responder.owner.index));
    return () => this.#partitions.delete(parted);
  }

  #isParted(a: number, b: number): boolean {
    for (const side of this.#partitions) if (side.has(a) !== side.has(b)) return true;
    return false;
  }
}
