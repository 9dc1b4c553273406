// One run: the nodes and attackers of a scenario on their links, in virtual time, with an eye on everything. Same scenario, same
// run, on any machine.

import type { NodeEvent } from "../engine/index.js";
import { ProtocolError } from "../errors/index.js";
import { prefaceBytes } from "../framing/index.js";
import type { Code } from "../gen/registry.js";
import type { Hasher } from "../ports/index.js";
import { Attackers } from "./attackers.js";
import type { End } from "./connection.js";
import { EventQueue } from "./event-queue.js";
import { Floods } from "./floods.js";
import type { Observer, Seen } from "./observer.js";
import { Peerings } from "./peerings.js";
import { Population, simLimits, startMs } from "./population.js";
import { Prng } from "./prng.js";
import { isBlameless, judge, type PropertyName, type Violation } from "./properties.js";
import type { Scenario } from "./scenario.js";
import { SimNode } from "./sim-node.js";
import { showFrames } from "./show-frames.js";
import { Slab } from "./slab.js";
import { countIn, type RunResult } from "./summary.js";
import { TraceHash } from "./trace-hash.js";
import { Wires } from "./wires.js";

/** More events than any right run has. */
const mostEvents = 4_000_000;
/** Room beside QUEUE_BYTES in a queue: one broadcast that found it nearly full, and control frames. */
const queueRoomBytes = 8 * 1024;

export class Simulation {
  readonly scenario: Scenario;
  readonly queue = new EventQueue();
  readonly wires: Wires;
  readonly peerings: Peerings;
  readonly floods: Floods;
  readonly #population: Population;
  readonly #random: Prng;
  readonly #observer: Observer | undefined;
  readonly #nodes = new Map<number, SimNode>();
  readonly attackers: Attackers;
  readonly #runs: Int32Array;
  readonly #slab = new Slab();
  readonly #hash = new TraceHash();
  readonly #violations: Violation[] = [];
  readonly #faults: Record<string, number> = {};
  readonly #blamed: Record<string, number> = {};
  readonly #counts = { broadcasts: 0, refused: 0, drops: 0 };

  constructor(scenario: Scenario, hasher: Hasher, observer: Observer | undefined) {
    this.scenario = scenario;
    this.#observer = observer;
    this.#random = new Prng(scenario.seed);
    const all = scenario.nodes + scenario.attackers;
    this.#population = new Population(hasher, this.#random, all);
    this.#runs = new Int32Array(scenario.nodes).fill(-1);
    this.peerings = new Peerings(scenario.nodes);
    this.floods = new Floods(scenario.nodes);
    this.wires = new Wires({
      queue: this.queue,
      scenario,
      random: this.#random,
      delivered: (from, chunk) => this.#delivered(from, chunk),
    });
    this.attackers = new Attackers({
      scenario,
      hasher,
      queue: this.queue,
      wires: this.wires,
      population: this.#population,
      random: this.#random,
      now: () => this.nowMs,
      node: (index) => this.#nodes.get(index),
      sent: (payload) => this.floods.touched(payload),
    });
  }

  /** Unix ms. */
  get nowMs(): number {
    return startMs + Math.floor(this.queue.nowUs / 1000);
  }

  /** Runs to the end, or to the first violation that can be seen at once. */
  run(): RunResult {
    while (this.#violations.length === 0 && this.queue.step(this.scenario.endUs)) {
      if (this.queue.count > mostEvents) this.#violated("rest", `${mostEvents} events, and still more to come`);
    }
    if (this.#violations.length === 0) this.#judge();
    const { frames, deliveries } = this.floods;
    const counts = { ...this.#counts, frames, deliveries, events: this.queue.count };
    const { text: hash } = this.#hash;
    return { counts, faults: this.#faults, blamed: this.#blamed, hash, violations: this.#violations };
  }

  #judge(): void {
    for (const node of this.#nodes.values()) this.#checkCaps(node);
    const { floods, peerings } = this;
    const { verifyUs, endUs } = this.scenario;
    for (const { property, detail } of judge({ floods, peerings, verifyUs, endUs })) this.#violated(property, detail);
  }

  #violated(property: PropertyName, detail: string): void {
    this.#violations.push({ property, detail });
    this.see({ type: "violation", property, detail });
  }

  /** Tells the onlooker. */
  see(seen: Seen): void {
    this.#observer?.({ atUs: this.queue.nowUs, ...seen });
  }

  /** A fault or an attack takes place. */
  noteFault(name: string): void {
    countIn(this.#faults, name);
  }

  isHonest(index: number): boolean {
    return index < this.scenario.nodes;
  }

  node(index: number): SimNode | undefined {
    return this.#nodes.get(index);
  }

  /** A process of a node begins, and dials. */
  start(index: number): void {
    if (this.#nodes.has(index)) return;
    const run = (this.#runs[index] = (this.#runs[index] as number) + 1);
    this.peerings.born(index, this.queue.nowUs);
    const node = new SimNode(this.#population.engine(index, run, this.nowMs), {
      index,
      nodeId: this.#population.idOf(index),
      verifyUs: this.scenario.verifyUs,
      queueBytes: simLimits.QUEUE_BYTES,
      queue: this.queue,
      slab: this.#slab,
      now: () => this.nowMs,
      event: (event) => this.#event(node, run, event),
      dial: (dial, address) => this.#dial(node, dial, address),
      sent: (end, chunk) => this.#sent(node, end, chunk),
      dropped: (count, ends) => this.#dropped(node, count, ends),
    });
    this.#nodes.set(index, node);
    node.input((engine, now) => engine.announce([], now));
    for (const [link, [dialler, listener]] of this.scenario.links.entries()) {
      if (dialler !== index || this.scenario.absent.includes(listener)) continue;
      node.input((engine, now) => engine.dial({ address: `memory://link-${link}`, isKept: true }, now));
    }
  }

  /** The process of a node dies. */
  kill(index: number): void {
    this.#nodes.get(index)?.die();
    this.#nodes.delete(index);
    this.peerings.died(index, this.queue.nowUs);
    this.wires.breakAllOf(index);
  }

  #dial(from: SimNode, dial: number, address: string): void {
    const link = numberIn(address, "memory://link-");
    const listener = this.scenario.links[link]?.[1] ?? -1;
    const takesUs = link < 0 ? 50_000 : 2 * this.wires.latencyUs(link);
    this.queue.at(this.queue.nowUs + takesUs, () => {
      if (this.#nodes.get(from.index) !== from) return;
      const target = this.#nodes.get(listener);
      const outcome = this.wires.connect(link, from, target);
      if ("failed" in outcome) {
        from.input((engine, now) => engine.dialFailed(dial, outcome.failed, now));
        return;
      }
      this.peerings.changesUs.push(this.queue.nowUs);
      from.opened(outcome.connection.initiator, dial);
      target?.opened(outcome.connection.responder);
    });
  }

  /** A node makes a broadcast. */
  broadcast(index: number, bytes: number): void {
    const node = this.#nodes.get(index);
    if (node === undefined) return;
    const { nowUs } = this.queue;
    const open = this.wires.openCount((end) => this.isHonest(end));
    const reach = this.peerings.reachOf(index, open) ?? { links: 0, nodes: 0 };
    node.input((engine, now) => {
      const receipt = unlessFull(() => engine.broadcast("sim", new Uint8Array(bytes).fill(bytes), now));
      if (receipt === undefined) return void this.#counts.refused++;
      const flood = this.floods.named(this.#population.idOf(index), receipt.sequence);
      flood.origin = index;
      flood.atUs = nowUs;
      flood.reach = reach;
      this.floods.accepted(flood, index, this.#runs[index] as number, nowUs);
      this.#counts.broadcasts++;
      return this.see({ type: "action", action: `node ${index} broadcasts ${flood.label}, ${bytes} bytes` });
    });
  }

  /** A node asks all its peers for records. */
  askPeers(index: number): void {
    const node = this.#nodes.get(index);
    for (const peer of node?.engine.peers ?? []) {
      node?.input((engine, now) => unlessFull(() => engine.messaging(now).askPeers(peer, 8)));
    }
  }

  #sent(node: SimNode, end: End, chunk: Uint8Array): void {
    const { nowUs } = this.queue;
    const skipped = end.hasWritten ? 0 : prefaceBytes;
    const to = end.other.owner.index;
    this.floods.sent(node.index, chunk, skipped, this.isHonest(to), nowUs);
    if (this.#observer !== undefined)
      this.see({ type: "sent", node: node.index, to, frames: showFrames(chunk, skipped) });
    end.write(chunk, this.wires.jitterUs());
  }

  #delivered(from: End, chunk: Uint8Array): void {
    this.#hash.add(this.queue.nowUs);
    this.#hash.add(from.owner.index * 4096 + from.other.owner.index);
    this.#hash.addBytes(chunk);
  }

  #dropped(node: SimNode, count: number, ends: readonly End[]): void {
    this.#counts.drops += count;
    const to = ends.map((end) => end.other.owner.index);
    for (const peer of to) if (this.isHonest(peer)) this.peerings.dropped(node.index, peer, this.queue.nowUs);
    this.see({ type: "dropped", node: node.index, to, count });
    this.#checkCaps(node);
  }

  #checkCaps(node: SimNode): void {
    const { known } = node.engine.counts;
    const most = node.mostPendingBytes;
    const where = `node ${node.index}`;
    if (most > simLimits.QUEUE_BYTES + queueRoomBytes)
      this.#violated("caps", `${where}: ${most} bytes wait for a peer`);
    if (known > simLimits.ORIGINS + simLimits.ORIGINS_DIRECT) this.#violated("caps", `${where}: ${known} origins`);
    if (node.verifying > simLimits.VERIFYING_PER_LINK * Math.max(1, node.ends.length))
      this.#violated("caps", `${where}: ${node.verifying} verifications under way`);
  }

  #event(node: SimNode, run: number, event: NodeEvent): void {
    const { index } = node;
    const { nowUs } = this.queue;
    if (event.type === "message") {
      const flood = this.floods.named(event.origin, event.sequence);
      if (!this.floods.accepted(flood, index, run, nowUs))
        this.#violated("exactly-once", `node ${index} delivers broadcast ${flood.label} again`);
      this.floods.deliveries++;
      const from = this.#population.indexOf(event.from);
      const others = node.ends.filter((end) => end.other.owner.index !== from);
      this.floods.allow(index, event.contentBytes, others.length);
      this.see({ type: "accepted", node: index, flood: flood.label, hops: event.hops });
    } else if (event.type === "peer.up") {
      const peer = this.#population.indexOf(event.peer);
      if (this.isHonest(peer)) this.peerings.up(index, peer, nowUs);
      this.see({ type: "up", node: index, peer });
    } else if (event.type === "peer.down") {
      const peer = this.#population.indexOf(event.peer);
      if (this.isHonest(peer)) this.peerings.down(index, peer, nowUs);
      this.see({ type: "down", node: index, peer, code: event.code, text: event.text });
      this.#ended(index, peer, event.code, event.text);
    } else if (event.type === "refused") {
      const peer = event.role === "responder" ? numberIn(event.address, "memory://sim-") : -1;
      this.see({ type: "refused", node: index, peer, code: event.code, text: event.text });
      if (peer >= 0) this.#ended(index, peer, event.code, event.text);
    }
  }

  #ended(node: number, peer: number, code: Code, text: string): void {
    if (!this.isHonest(peer)) return countIn(this.#blamed, code);
    if (isBlameless(code, [node, peer], this.peerings, this.queue.nowUs)) return undefined;
    return this.#violated("blame", `node ${node} parts from node ${peer} with ${code}: ${text}`);
  }
}

/** The number behind a prefix; −1 for other texts. */
function numberIn(text: string, prefix: string): number {
  return text.startsWith(prefix) ? Number(text.slice(prefix.length)) : -1;
}

/** What an engine answers; nothing when a queue is full. */
function unlessFull<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "QUEUE_FULL") return undefined;
    throw error;
  }
}
