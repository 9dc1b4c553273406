// All attackers of a run: how they come, and that they come back when they are thrown out, a few times.

import type { Hasher } from "../ports/index.js";
import { Attacker } from "./attacker.js";
import type { EventQueue } from "./event-queue.js";
import { newId, type Population } from "./population.js";
import type { Prng } from "./prng.js";
import type { AttackName, Scenario } from "./scenario.js";
import type { SimNode } from "./sim-node.js";
import type { Wires } from "./wires.js";

/** How long an attacker waits before it comes back, µs, and how often it does. */
const comeBackUs = 400_000;
const comeBacks = 6;

export interface AttackersContext {
  readonly scenario: Scenario;
  readonly hasher: Hasher;
  readonly queue: EventQueue;
  readonly wires: Wires;
  readonly population: Population;
  readonly random: Prng;
  /** Unix ms. */
  readonly now: () => number;
  readonly node: (index: number) => SimNode | undefined;
  /** An attacker sends a broadcast payload. */
  readonly sent: (payload: Uint8Array) => void;
}

export class Attackers {
  readonly #context: AttackersContext;
  readonly #attackers = new Map<number, Attacker>();
  /** How often a link was dialled anew. */
  readonly #comeBacks = new Map<number, number>();

  constructor(context: AttackersContext) {
    this.#context = context;
  }

  /** An attacker dials those that it is linked with. */
  start(index: number): void {
    const { scenario, hasher, population, now, sent } = this.#context;
    const random = this.#context.random.fork(500 + index);
    const attacker = new Attacker({
      index,
      identity: { hasher, network: population.network, nodeId: population.idOf(index) },
      random,
      newId: () => newId(random),
      now,
      lost: (end) => this.#comeBack(attacker, end.connection.link),
      sent,
      honestIds: () => Array.from({ length: scenario.nodes }, (_, i) => population.idOf(i)),
    });
    this.#attackers.set(index, attacker);
    for (const [link, [dialler]] of scenario.links.entries()) if (dialler === index) this.#attach(attacker, link);
  }

  begin(index: number, name: AttackName): void {
    this.#attackers.get(index)?.begin(name);
  }

  end(index: number, name: AttackName): void {
    this.#attackers.get(index)?.end(name);
  }

  #attach(attacker: Attacker, link: number): void {
    const { scenario, wires, node } = this.#context;
    const target = node(scenario.links[link]?.[1] ?? -1);
    const outcome = wires.connect(link, attacker, target);
    if ("failed" in outcome) return this.#comeBack(attacker, link);
    attacker.opened(outcome.connection.initiator);
    target?.opened(outcome.connection.responder);
  }

  #comeBack(attacker: Attacker, link: number): void {
    const { queue } = this.#context;
    const count = this.#comeBacks.get(link) ?? 0;
    this.#comeBacks.set(link, count + 1);
    if (count < comeBacks) queue.at(queue.nowUs + comeBackUs, () => this.#attach(attacker, link));
  }
}
