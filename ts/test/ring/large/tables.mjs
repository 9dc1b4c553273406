// Rings as arrays: sorted positions, from which everybody's ideal list and base-2 fingers follow. For sizes that machines do not
// reach, and for what happens when many have died and nobody has repaired anything but knows which of its contacts are dead.
import { Prng } from "../../../dist/sim/index.js";

// One bit less than numbers hold, so that sums are exact.
const bits = 52;
const circle = 2 ** bits;

/** A whole number below 2^52. */
const position = (random) => random.next() * 2 ** 20 + (random.next() >>> 12);

/** A ring of `nodes` nodes at random places. */
export class Tables {
  #places;
  #r;
  #random;
  #isAlive;
  #survivors;

  constructor({ nodes, r, seed }) {
    this.#random = new Prng(seed);
    this.#r = r;
    this.#places = Float64Array.from({ length: nodes }, () => position(this.#random)).sort();
    this.#isAlive = new Uint8Array(nodes).fill(1);
    this.#survivors = nodes;
  }

  /** Kills some nodes at once. */
  kill(count) {
    const nodes = this.#places.length;
    while (nodes - this.#survivors < count) {
      const node = this.#random.below(nodes);
      this.#survivors -= this.#isAlive[node];
      this.#isAlive[node] = 0;
    }
  }

  /** The first node at or after a place. */
  #ownerOf(target) {
    const places = this.#places;
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (places[middle] < target) low = middle + 1;
      else high = middle;
    }
    return low === places.length ? 0 : low;
  }

  #distance(from, to) {
    const far = to - from;
    return far < 0 ? far + circle : far;
  }

  /** The live contact of a node that lies farthest before the target. */
  #next(node, target) {
    const places = this.#places;
    const nodes = places.length;
    const from = places[node];
    const whole = this.#distance(from, target);
    let [best, found] = [-1, -1];
    for (let i = Math.floor(Math.log2(whole)); i >= 0 && best < 0; i--) {
      const start = from + 2 ** i;
      const finger = this.#ownerOf(start < circle ? start : start - circle);
      const far = this.#distance(from, places[finger]);
      if (far === 0 || far >= whole) continue;
      if (this.#isAlive[finger] === 1) [best, found] = [far, finger];
      // The rest of the fingers are on the list.
      if ((finger - node + nodes) % nodes <= this.#r) break;
    }
    for (let i = Math.min(this.#r, nodes - 1); i > 0; i--) {
      const entry = (node + i) % nodes;
      const far = this.#distance(from, places[entry]);
      if (far < whole && far > best && this.#isAlive[entry] === 1) {
        found = entry;
        break;
      }
    }
    return found;
  }

  /** The first live node behind one, if it is on the list. */
  #head(node) {
    for (let i = 1; i <= this.#r; i++) {
      const entry = (node + i) % this.#places.length;
      if (this.#isAlive[entry] === 1) return entry;
    }
    return -1;
  }

  #randomLive() {
    for (;;) {
      const node = this.#random.below(this.#places.length);
      if (this.#isAlive[node] === 1) return node;
    }
  }

  /** A lookup of a random place from a random live node: hops, and whether it found the live node that owns the place. */
  lookUp() {
    const target = position(this.#random);
    let node = this.#randomLive();
    let owner = this.#ownerOf(target);
    while (this.#isAlive[owner] === 0) owner = (owner + 1) % this.#places.length;
    for (let hops = 0; hops <= 64; hops++) {
      const head = this.#head(node);
      if (head < 0) return { hops, isRight: false };
      const whole = this.#distance(this.#places[node], target);
      if (whole > 0 && whole <= this.#distance(this.#places[node], this.#places[head]))
        return { hops, isRight: head === owner };
      node = this.#next(node, target);
      if (node < 0) return { hops, isRight: false };
    }
    return { hops: 64, isRight: false };
  }

  /** Arcs as multiples of the mean: the largest. */
  largestArc() {
    const places = this.#places;
    let largest = circle - places.at(-1) + places[0];
    for (let i = 1; i < places.length; i++) largest = Math.max(largest, places[i] - places[i - 1]);
    return (largest * places.length) / circle;
  }
}

/** Mean and quantiles of hops of many lookups over some rings. */
export function playHops({ nodes, r, rings, lookups, dead = 0 }) {
  const counts = new Array(66).fill(0);
  let [right, sum] = [0, 0];
  for (let ring = 0; ring < rings; ring++) {
    const tables = new Tables({ nodes, r, seed: nodes + 7919 * ring + 31 * r });
    tables.kill(Math.round(dead * nodes));
    for (let i = 0; i < lookups; i++) {
      const { hops, isRight } = tables.lookUp();
      counts[hops]++;
      sum += hops;
      right += isRight ? 1 : 0;
    }
  }
  const all = rings * lookups;
  return {
    nodes,
    r,
    dead,
    lookups: all,
    right,
    mean: sum / all,
    p99: quantile(counts, all, 0.99),
    most: counts.findLastIndex(Boolean),
    counts,
  };
}

function quantile(counts, all, share) {
  let seen = 0;
  return counts.findIndex((count) => (seen += count) >= share * all);
}

/** Largest arcs of some rings, as multiples of the mean. */
export function playLoad({ nodes, rings }) {
  const arcs = Array.from({ length: rings }, (_, ring) =>
    new Tables({ nodes, r: 16, seed: 104_729 * ring + nodes }).largestArc(),
  );
  return { nodes, rings, mean: arcs.reduce((sum, arc) => sum + arc, 0) / rings, most: Math.max(...arcs) };
}
