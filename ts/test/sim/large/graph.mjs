// Random regular graphs with a delay on every link, in flat arrays. Half-link `node * degree + slot` leads from a node to
// its neighbour in that slot; a link is a pair of half-links with one delay.
import { drawDelay } from "./delays.mjs";

class Graph {
  /** @param stubs node of each of the two ends of each link: 2i and 2i + 1 are joined. */
  constructor(nodes, degree, stubs, random) {
    this.nodes = nodes;
    this.degree = degree;
    /** Neighbour at the far end of each half-link. */
    this.neighbour = new Int32Array(stubs.length);
    /** The same link seen from the other end. */
    this.reverse = new Int32Array(stubs.length);
    this.delayUs = new Int32Array(stubs.length);
    const used = new Uint8Array(nodes);
    for (let i = 0; i < stubs.length; i += 2) {
      const [a, b] = [stubs[i], stubs[i + 1]];
      const there = a * degree + used[a]++;
      const back = b * degree + used[b]++;
      this.neighbour[there] = b;
      this.neighbour[back] = a;
      this.reverse[there] = back;
      this.reverse[back] = there;
      this.delayUs[there] = this.delayUs[back] = drawDelay(random);
    }
  }

  get links() {
    return this.neighbour.length / 2;
  }

  /** Frames of one flood when nothing is lost and validation takes no time: 2E − n + 1. */
  get floodFrames() {
    return 2 * this.links - this.nodes + 1;
  }
}

/** A random graph in which every node has `degree` neighbours, none twice and not itself. */
export function regularGraph(nodes, degree, random) {
  const stubs = Int32Array.from({ length: nodes * degree }, (_, i) => Math.floor(i / degree));
  for (let i = stubs.length - 1; i > 0; i--) swap(stubs, i, random.below(i + 1));
  const joined = new Neighbours(nodes, degree);
  const wrong = [];
  for (let i = 0; i < stubs.length; i += 2) if (!joined.add(stubs[i], stubs[i + 1])) wrong.push(i);
  // A wrong pair trades ends with a random right one, until both are right.
  while (wrong.length > 0) {
    const i = wrong.at(-1);
    const j = 2 * random.below(stubs.length / 2);
    if (wrong.includes(j) || !joined.trade(stubs, i, j)) continue;
    wrong.pop();
  }
  return new Graph(nodes, degree, stubs, random);
}

function swap(array, i, j) {
  [array[i], array[j]] = [array[j], array[i]];
}

/** Who is joined to whom, while the graph is made. */
class Neighbours {
  #degree;
  #of;
  #count;

  constructor(nodes, degree) {
    this.#degree = degree;
    this.#of = new Int32Array(nodes * degree);
    this.#count = new Uint8Array(nodes);
  }

  #has(a, b) {
    for (let i = a * this.#degree, end = i + this.#count[a]; i < end; i++) if (this.#of[i] === b) return true;
    return false;
  }

  /** Joins two nodes; false when they are the same or joined already. */
  add(a, b) {
    if (a === b || this.#has(a, b)) return false;
    this.#push(a, b);
    this.#push(b, a);
    return true;
  }

  #push(a, b) {
    this.#of[a * this.#degree + this.#count[a]++] = b;
  }

  #drop(a, b) {
    const first = a * this.#degree;
    const last = first + --this.#count[a];
    this.#of[this.#of.indexOf(b, first)] = this.#of[last];
  }

  /** Replaces the pairs i (wrong) and j (right) by two right ones; false when these are not right. */
  trade(stubs, i, j) {
    const [a, b, c, d] = [stubs[i], stubs[i + 1], stubs[j], stubs[j + 1]];
    this.#drop(c, d);
    this.#drop(d, c);
    if (this.add(a, c)) {
      if (this.add(b, d)) {
        swap(stubs, i + 1, j);
        return true;
      }
      this.#drop(a, c);
      this.#drop(c, a);
    }
    this.add(c, d);
    return false;
  }
}
