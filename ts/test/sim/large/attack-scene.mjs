// A network under attack: honest nodes publish, and one node in fifty is an attacker whose links are the quickest of all and
// who learns of a broadcast at the moment it is made. An attacker that was thrown out comes again, under a new identity.
import { countOf, reachable } from "./connected.mjs";
import { Forge } from "./forge.mjs";
import { regularGraph } from "./graph.mjs";
import { nodeIdOf } from "./identities.mjs";
import { Ledger } from "./ledger.mjs";
import { MeshNetwork } from "./mesh-network.mjs";
import { sample, seeded } from "./seeds.mjs";
import { latencyOf } from "./statistics.mjs";

const degree = 8;
const fastUs = 1;
const comeBackUs = 200_000;

export class AttackScene {
  #random;

  constructor({ seed, nodes, attackers, verifyUs, limits }) {
    this.#random = seeded(seed, nodes);
    const graph = regularGraph(nodes, degree, this.#random);
    this.attackers = sample(this.#random, attackers, nodes);
    this.isAttacker = new Uint8Array(nodes);
    for (const number of this.attackers) this.isAttacker[number] = 1;
    for (let half = 0; half < graph.neighbour.length; half++) {
      if (this.isAttacker[Math.floor(half / degree)] === 1 || this.isAttacker[graph.neighbour[half]] === 1)
        graph.delayUs[half] = fastUs;
    }
    this.network = new MeshNetwork(graph, { seed, verifyUs, limits });
    this.forge = new Forge(this.network.network);
    this.ledger = new Ledger(this.network);
    /** How often attackers were thrown out and came again. */
    this.returns = 0;
    /** Answers STALE_SEQUENCE by whom they were for: honest nodes, attackers. */
    this.stale = [0, 0];
    this.network.onStale = (number, slot) => this.stale[this.isAttacker[graph.neighbour[number * degree + slot]]]++;
    for (const number of this.attackers) this.network.attackers.set(number, { receive: () => undefined });
  }

  get slots() {
    return Array.from({ length: degree }, (_, slot) => slot);
  }

  /** Honest nodes that can reach each other without the attackers. */
  honest(count) {
    const attackers = new Set(this.attackers);
    return sample(this.#random, count, this.network.graph.nodes, attackers);
  }

  /** Sends a payload from every attacker to all its peers, or to the slots given. */
  attack(payloadOf, slots = this.slots) {
    for (const number of this.attackers) {
      for (const slot of slots) this.network.send(number, slot, payloadOf(number, slot), 0);
    }
  }

  /** Attackers whose sessions were ended come again. */
  comeBack() {
    const { graph } = this.network;
    for (const number of this.attackers) {
      for (const slot of this.slots) {
        if (this.network.isUp(number * degree + slot) || this.isAttacker[graph.neighbour[number * degree + slot]] === 1)
          continue;
        this.network.nodes[number].id = nodeIdOf(`return ${++this.returns}`);
        this.network.restore(number, slot);
      }
    }
  }

  /** Lets every source publish in turn, one broadcast each step; `onPublish` gets what the attackers learn. */
  traffic({ sources, rounds, stepUs, onPublish = () => undefined }) {
    const { network } = this;
    let lastReturnUs = network.nowUs;
    for (let i = 0; i < rounds * sources.length; i++) {
      const source = sources[i % sources.length];
      const seen = this.#overhear(() => this.ledger.publish(source, Uint8Array.of(i >> 8, i & 0xff)));
      onPublish(seen, source, i);
      network.run(network.nowUs + stepUs);
      if (network.nowUs - lastReturnUs < comeBackUs) continue;
      lastReturnUs = network.nowUs;
      this.comeBack();
    }
    network.run(network.nowUs + 2_000_000);
  }

  /** The payload that a node sends when it publishes. */
  #overhear(publish) {
    let seen;
    this.network.onPublish = (payload) => (seen = payload);
    publish();
    this.network.onPublish = () => undefined;
    return seen;
  }

  /** What honest nodes have lost, and whom they blame. */
  outcome() {
    const { graph, blame } = this.network;
    const isHonest = (number) => this.isAttacker[number] === 0;
    let [expected, delivered] = [0, 0];
    const latencies = [];
    for (const { source, firstUs } of this.ledger.broadcasts) {
      const within = reachable(graph, source, isHonest);
      expected += countOf(within) - 1;
      for (const [number, us] of firstUs) {
        if (!isHonest(number) || number === source || within[number] === 0) continue;
        delivered++;
        latencies.push(us);
      }
    }
    const { meanUs, p99Us } = latencyOf(Int32Array.from(latencies), -1);
    const honestBlame = blame.filter(({ by }) => isHonest(by));
    const points = (list) => list.reduce((sum, entry) => sum + entry.points, 0);
    const { repeated, foreign, broadcasts } = this.ledger;
    return {
      broadcasts: broadcasts.length,
      expected,
      delivered,
      repeated,
      foreign,
      meanUs,
      p99Us,
      blamedHonest: points(honestBlame.filter(({ whom }) => isHonest(whom))),
      blamedAttackers: points(honestBlame.filter(({ whom }) => !isHonest(whom))),
      returns: this.returns,
      stale: this.stale,
    };
  }
}
