// What holds after every event of a must-hold run: I1 to I3 and, apart from them, one ordered ring that everybody hangs on.
// Distances count nodes, not bits: a slot's rank is its place among all slots of the run.
import { clean } from "../../dist/chord/index.js";

/** Whether an entry of a list may be rested on. */
export const isThere = (entry) => entry.record.isPlaced;

export class Invariants {
  #network;
  /** Lives that no list may skip: the founder, then the base. */
  kept;
  isReleased = false;
  #next = [];
  #color = [];

  constructor(network, founder) {
    this.#network = network;
    this.kept = [founder];
    founder.isKept = true;
  }

  #distance(from, to) {
    const far = to - from;
    return far < 0 ? far + this.#network.nodes : far;
  }

  /** The property that one changed list violates. */
  #list(life, list, wraps) {
    const { r } = this.#network;
    if (list.length > r) return "I3 a list longer than r";
    let before = 0;
    for (let i = 0; i < list.length; i++) {
      const far = this.#distance(life.rank, list[i].record.rank);
      if (far <= before) return "I3 ordered lists";
      before = far;
    }
    return this.#skipsKept(life, list, wraps ? Infinity : before) ? "I2 a list skips a principal" : undefined;
  }

  /** Whether one of the kept, up to `before` places ahead, is not on a list. */
  #skipsKept(life, list, before) {
    for (const kept of this.kept) {
      if (kept === life || this.#distance(life.rank, kept.rank) > before) continue;
      if (!list.some(({ record }) => record === kept)) return true;
    }
    return false;
  }

  /** After an event that may have changed `life`; `isForAll` when nodes have come or gone. */
  check(life, isForAll) {
    let isChanged = isForAll;
    if (life?.isAlive === true) {
      const snapshot = life.ring.snapshot();
      if (snapshot !== life.seen) {
        life.seen = snapshot;
        isChanged = true;
        if (life.isPlaced) {
          const fault = this.#list(life, snapshot.successors, snapshot.wraps);
          if (fault !== undefined) return fault;
        }
      }
    }
    return isChanged ? this.#ring() : undefined;
  }

  /** I1, and one ordered ring, from first live entries. */
  #ring() {
    const { lives, nodes } = this.#network;
    const next = this.#next;
    const color = this.#color;
    for (let rank = 0; rank < nodes; rank++) next[rank] = -1;
    let members = 0;
    for (const life of lives) {
      if (!life.isPlaced) continue;
      members++;
      const { successors } = life.ring.snapshot();
      const entry = successors.find(isThere);
      if (entry !== undefined) next[life.rank] = entry.record.rank;
      else if (life.isKept && !this.isReleased) next[life.rank] = life.rank;
      else return "I1 a live entry";
    }
    if (members === 0) return "at least one ring";
    for (let rank = 0; rank < nodes; rank++) color[rank] = 0;
    let rings = 0;
    for (let start = 0; start < nodes; start++) {
      if (next[start] === -1 || color[start] !== 0) continue;
      let at = start;
      for (; color[at] === 0; at = next[at]) color[at] = start + 1;
      if (color[at] !== start + 1) continue;
      if (++rings > 1) return "at most one ring";
      if (!this.#isOrdered(at, next)) return "ordered ring";
    }
    return undefined;
  }

  /** Whether the ring through `start` goes round once. */
  #isOrdered(start, next) {
    let far = 0;
    let at = start;
    do {
      far += this.#distance(at, next[at]);
      at = next[at];
    } while (at !== start);
    return far <= this.#network.nodes;
  }

  /** The list that a reply on its way would make, where it is one that may be adopted. */
  #listInFlight({ type, asked, asker, answer }) {
    if (type !== "reply" || asked !== "state") return undefined;
    const { contact, ring, isPlaced, isLeaving } = asker;
    if (isPlaced) return clean(contact, [answer.self, ...answer.successors], this.#network.r).list;
    const { held } = ring;
    if (isLeaving || held === undefined) return undefined;
    const at = held.successors.findIndex(({ record }) => record === answer.self.record);
    if (at < 0) return undefined;
    const rest = held.successors.slice(at);
    return clean(contact, held.wraps ? [...rest, held.self] : rest, this.#network.r).list;
  }

  /** The operating assumption: whether every list, made or on its way, keeps a live entry without `gone`. */
  mayGo(gone) {
    // The founder alone is a ring.
    return !gone.isKept && this.#restsWithout(gone, (life) => life.isKept && !this.isReleased);
  }

  #restsWithout(gone, needsNone) {
    const stays = (list) => list.some((entry) => isThere(entry) && entry.record !== gone);
    for (const life of this.#network.lives) {
      if (!life.isPlaced || life === gone || needsNone(life)) continue;
      if (!stays(life.ring.snapshot().successors)) return false;
    }
    for (const message of this.#network.bag) {
      if (message.asker === gone) continue;
      const list = this.#listInFlight(message);
      if (list !== undefined && !needsNone(message.asker) && !stays(list)) return false;
    }
    return true;
  }

  /** Members that no list skips, counting replies on their way and what joiners hold. */
  principals() {
    const { lives, bag } = this.#network;
    const lists = [];
    const add = ({ self, successors, wraps }) => lists.push([self.record, successors, wraps]);
    for (const { ring, isPlaced, isLeaving } of lives) {
      if (isPlaced || isLeaving) add(ring.snapshot());
      if (ring.held !== undefined) add(ring.held);
    }
    for (const message of bag) {
      if (message.type !== "reply" || message.asked !== "state") continue;
      if (message.answer.phase !== "JOINING") add(message.answer);
      const list = this.#listInFlight(message);
      if (list !== undefined) lists.push([message.asker, list, false]);
    }
    return lives.filter((life) => life.isPlaced && !lists.some((of) => this.#skips(of, life)));
  }

  #skips([self, list, wraps], life) {
    if (self === life) return false;
    const last = list.at(-1);
    const before = wraps ? Infinity : last === undefined ? 0 : this.#distance(self.rank, last.record.rank);
    return this.#distance(self.rank, life.rank) <= before && !list.some(({ record }) => record === life);
  }

  /** The founder may go once r + 1 members are skipped by no list: these, drawn at random, stay instead. */
  release(random) {
    const [founder] = this.kept;
    const { r } = this.#network;
    if (this.isReleased || founder.isFounder || !this.#restsWithout(undefined, () => false)) return;
    const principals = this.principals();
    if (principals.length <= r) return;
    this.isReleased = true;
    founder.isKept = false;
    this.kept = random.shuffled(principals).slice(0, r + 1);
    for (const life of this.kept) life.isKept = true;
  }
}
