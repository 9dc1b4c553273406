// Level 2: many mesh machines joined by a graph with delays, in virtual time of whole microseconds. A frame is an object
// that arrives later; links keep their order since their delay is constant. No sessions, no queues that fill.
import { Policy } from "../../../dist/gen/registry.js";
import { defaultDescriptor, networkFrom } from "../../../dist/identity/index.js";
import { hasher } from "../../../dist/runtime/index.js";
import { Calendar } from "./calendar.mjs";
import { isSigned } from "./identities.mjs";
import { limitsWith, MeshNode } from "./mesh-node.mjs";
import { seeded } from "./seeds.mjs";

const horizonUs = 2 ** 22;
const startMs = 1_767_225_600_000;
const never = -1;

/** Things under way: frames and other work, each under a number that the calendar knows. */
class Pool {
  items = [];
  #free = [];

  /** An item to be filled, the same objects again and again. */
  take() {
    const number = this.#free.pop();
    if (number !== undefined) return this.items[number];
    const item = { number: this.items.length, run: undefined, half: never, epoch: 0, payload: undefined, hops: 0 };
    this.items.push(item);
    return item;
  }

  release(item) {
    item.run = item.payload = undefined;
    this.#free.push(item.number);
  }
}

export class MeshNetwork {
  #pool = new Pool();
  #calendar = new Calendar(1024, horizonUs);
  /** Per half-link: how often it was cut; what was under way then is lost. */
  #epoch;
  #isUp;
  #verifyUs;
  /** Frames sent so far. */
  frames = 0;
  /** Penalty points as `{ by, whom, points }`. */
  blame = [];
  /** Who plays by other rules: `receive(slot, payload, hops)` by node number. */
  attackers = new Map();
  /** Called with each delivery: node number, delivery. */
  onDelivery = () => undefined;
  /** Called with a node's own broadcasts as they leave it, once per peer. */
  onPublish = () => undefined;
  /** Called with what a node answers to a direct peer whose sequence is too low. */
  onStale = () => undefined;

  /**
   * @param options.verifyUs how long a verification takes; with 0 it is done at once.
   * @param options.slowness per half-link a whole number that its delay is multiplied by.
   */
  constructor(graph, { seed = 1, verifyUs = 0, limits = {}, slowness, freshness = defaultDescriptor.freshness } = {}) {
    this.graph = graph;
    this.slowness = slowness;
    this.#verifyUs = verifyUs;
    this.#epoch = new Uint32Array(graph.neighbour.length);
    this.#isUp = new Uint8Array(graph.neighbour.length).fill(1);
    const name = new TextEncoder().encode("large");
    const policy = defaultDescriptor.policy & ~Policy.UNSIGNED_BROADCASTS;
    this.network = networkFrom(hasher, { ...defaultDescriptor, policy, freshness, name });
    const numbers = seeded(seed, 77);
    const random = { bytes: (length) => Uint8Array.from({ length }, () => numbers.below(256)) };
    const options = { limits: limitsWith(limits), network: this.network, random };
    this.nodes = Array.from({ length: graph.nodes }, (_, number) => new MeshNode(this, number, options));
    for (const node of this.nodes) this.#joinAll(node);
  }

  #joinAll({ number }) {
    const { degree, neighbour } = this.graph;
    for (let slot = 0; slot < degree; slot++) {
      const half = number * degree + slot;
      if (this.#isUp[half] === 1) this.nodes[number].join(slot, this.nodes[neighbour[half]].id);
    }
  }

  get nowUs() {
    return this.#calendar.now;
  }

  get unixMs() {
    return startMs + Math.floor(this.#calendar.now / 1000);
  }

  /** Sends a frame from a node over the link in a slot. */
  send(number, slot, payload, hops) {
    const half = number * this.graph.degree + slot;
    if (this.#isUp[half] === 0) return;
    this.frames++;
    const item = this.#pool.take();
    item.half = half;
    item.epoch = this.#epoch[half];
    item.payload = payload;
    item.hops = hops;
    this.#put(item, this.graph.delayUs[half] * (this.slowness?.[half] ?? 1));
  }

  /** Sends one of a node's own broadcasts. */
  publish(number, slot, payload) {
    this.onPublish(payload);
    this.send(number, slot, payload, 0);
  }

  /** Runs something later. */
  after(us, run) {
    const item = this.#pool.take();
    item.run = run;
    this.#put(item, us);
  }

  #put(item, us) {
    this.#calendar.grow(item.number + 1);
    this.#calendar.put(item.number, us);
  }

  verify(request, done) {
    const isValid = isSigned(request);
    if (this.#verifyUs === 0) done(isValid);
    else this.after(this.#verifyUs, () => done(isValid));
  }

  /** Lets time pass: until a time, or until nothing is under way. */
  run(untilUs = Infinity) {
    for (let event = this.#calendar.take(untilUs); event !== never; event = this.#calendar.take(untilUs)) {
      const item = this.#pool.items[event];
      const { run, half, epoch, payload, hops } = item;
      this.#pool.release(item);
      if (run !== undefined) run();
      else if (this.#epoch[half] === epoch) this.#arrive(this.graph.reverse[half], payload, hops);
    }
  }

  /** A frame arrives at the far end of its link. */
  #arrive(half, payload, hops) {
    const { degree } = this.graph;
    const number = Math.floor(half / degree);
    const attacker = this.attackers.get(number);
    if (attacker !== undefined) attacker.receive(half % degree, payload, hops);
    else this.nodes[number].receive(half % degree, payload, hops);
  }

  /** Ends a session for good: both ends forget each other, what is under way is lost. */
  cut(number, slot) {
    const half = number * this.graph.degree + slot;
    if (this.#isUp[half] === 0) return;
    for (const end of [half, this.graph.reverse[half]]) {
      this.#isUp[end] = 0;
      this.#epoch[end]++;
      this.nodes[Math.floor(end / this.graph.degree)].leave(end % this.graph.degree);
    }
  }

  /** A node dies with all its links. */
  kill(number) {
    for (let slot = 0; slot < this.graph.degree; slot++) this.cut(number, slot);
    this.nodes[number].stop();
  }

  /** A dead node begins a new run, with links to those of its neighbours that live. */
  revive(number) {
    const { degree, neighbour } = this.graph;
    this.nodes[number].start();
    for (let slot = 0; slot < degree; slot++) {
      if (this.nodes[neighbour[number * degree + slot]].isAlive) this.restore(number, slot);
    }
  }

  /** Makes a session anew that was cut; both ends live. */
  restore(number, slot) {
    const { degree, neighbour, reverse } = this.graph;
    const half = number * degree + slot;
    if (this.#isUp[half] === 1) return;
    this.#isUp[half] = this.#isUp[reverse[half]] = 1;
    const peer = this.nodes[neighbour[half]];
    this.nodes[number].join(slot, peer.id);
    peer.join(reverse[half] % degree, this.nodes[number].id);
  }

  isUp(half) {
    return this.#isUp[half] === 1;
  }

  delivered(number, delivery) {
    this.onDelivery(number, delivery);
  }

  stale(number, slot, highest) {
    this.onStale(number, slot, highest);
  }

  blamed(by, slot, points) {
    this.blame.push({ by, whom: this.graph.neighbour[by * this.graph.degree + slot], points });
  }
}
