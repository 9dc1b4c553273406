// What was published and who has delivered it: counts deliveries per broadcast and run of a node, and their latencies.
import { formatHex } from "../../../dist/bytes/index.js";

const sequenceEnd = 40;

export class Ledger {
  #network;
  /** Per broadcast, by origin and sequence: when it was published, and when each node delivered it first. */
  #broadcasts = new Map();
  /** Deliveries of one broadcast by one run of a node beyond the first. */
  repeated = 0;
  /** Deliveries of what no honest node has published. */
  foreign = 0;
  #runs;

  constructor(network) {
    this.#network = network;
    this.#runs = new Uint32Array(network.graph.nodes);
    network.onDelivery = (number, delivery) => this.#delivered(number, delivery);
  }

  /** A node has begun a new run: what it delivers now counts anew. */
  restarted(number) {
    this.#runs[number]++;
  }

  /** Publishes from an honest node; answers the entry and the payload's receipt. */
  publish(number, payload) {
    const { id, sequence } = this.#network.nodes[number].publish(payload);
    const key = `${formatHex(this.#network.nodes[number].id)}${sequence.toString(16).padStart(16, "0")}`;
    const entry = { source: number, id: formatHex(id), atUs: this.#network.nowUs, firstUs: new Map(), runs: new Set() };
    this.#broadcasts.set(key, entry);
    return entry;
  }

  #delivered(number, { content, id }) {
    const entry = this.#broadcasts.get(formatHex(content.subarray(0, sequenceEnd)));
    if (entry === undefined || entry.id !== formatHex(id)) {
      this.foreign++;
      return;
    }
    const run = `${number} ${this.#runs[number]}`;
    if (entry.runs.has(run)) this.repeated++;
    entry.runs.add(run);
    if (!entry.firstUs.has(number)) entry.firstUs.set(number, this.#network.nowUs - entry.atUs);
  }

  get broadcasts() {
    return [...this.#broadcasts.values()];
  }
}
