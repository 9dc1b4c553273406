// Many ring machines, unmodified, on a virtual clock in ms: every message takes its time, a request to a dead node fails after three
// tries. When a process dies its sessions end: those whose head it is hear of it after one delay, if the world is so.
import { Lookup, Position, Ring } from "../../../dist/chord/index.js";
import { Limit } from "../../../dist/gen/registry.js";
import { Prng } from "../../../dist/sim/index.js";
import { Heap } from "./heap.mjs";

const delayMs = [20, 80];
/** Three tries that wait for 500 ms each. */
const failMs = 1500;
export const roundMs = Limit.RING_STABILIZE_MS;

/** A node; it has one life only. */
class Life {
  isAlive = true;
  isPlaced = false;
  /** When it became a member. */
  placedAt = NaN;
  wakeAt = Infinity;

  constructor(world, number) {
    const position = Position.fromBytes(world.random.bytes(32));
    this.contact = { key: number.toString(16).padStart(64, "0"), position, incarnation: 1n, record: this };
    this.ring = new Ring({ self: this.contact, random: world.random, limits: Limit, r: world.r });
  }
}

export class World {
  now = 0;
  random;
  r;
  /** Living nodes by position. */
  ring = [];
  /** Messages since the counter was set back, by type; answers are not counted apart. */
  sent = {};
  #heap = new Heap();
  #started = 0;
  #tellsEnds;

  /** @param tellsEnds whether the end of a session is seen by whoever has the dead node as its head. */
  constructor({ seed, r, tellsEnds = true }) {
    this.random = new Prng(seed);
    this.r = r;
    this.#tellsEnds = tellsEnds;
    const founder = this.#start();
    founder.ring.found(0);
    this.#drain(founder);
  }

  #start() {
    const life = new Life(this, this.#started++);
    this.ring.splice(this.#placeOf(life.contact.position), 0, life);
    return life;
  }

  /** The first living node at or after a position. */
  #placeOf(position) {
    const { ring } = this;
    let [low, high] = [0, ring.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ring[middle].contact.position.compare(position) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The member that owns a position; `since` leaves out those that have become one later. */
  ownerOf(position, since = Infinity) {
    const { ring } = this;
    let place = this.#placeOf(position) % ring.length;
    while (!(ring[place].placedAt <= since)) place = (place + 1) % ring.length;
    return ring[place];
  }

  /** A new node joins through a random member. */
  join() {
    let known = this.random.pick(this.ring);
    while (!known.isPlaced) known = this.random.pick(this.ring);
    const life = this.#start();
    life.ring.join([known.contact], this.now);
    this.#drain(life);
    return life;
  }

  kill(life) {
    const { ring } = this;
    const place = this.#placeOf(life.contact.position);
    life.isAlive = false;
    ring.splice(place, 1);
    if (!this.#tellsEnds) return;
    for (let back = 1; back <= Math.min(this.r, ring.length); back++) {
      const other = ring[(place - back + 2 * ring.length) % ring.length];
      if (other.ring.snapshot().successors[0]?.record === life) {
        this.#heap.push(this.now + this.#delay(), { type: "end", to: other, of: life });
      }
    }
  }

  #delay() {
    return this.random.between(delayMs[0], delayMs[1]);
  }

  #drain(life) {
    const { ring } = life;
    for (let output = ring.poll(); output !== undefined; output = ring.poll()) {
      const { type, to } = output;
      if (type === "phase") {
        life.isPlaced = output.phase === "MEMBER" || output.phase === "FOUNDER";
        if (!(life.placedAt <= this.now)) life.placedAt = this.now;
      } else {
        this.sent[type] = (this.sent[type] ?? 0) + 1;
        this.#heap.push(this.now + this.#delay(), { type, to: to.record, of: life, output, answer: undefined });
      }
    }
    const { deadline } = ring;
    if (deadline >= life.wakeAt) return;
    life.wakeAt = deadline;
    this.#heap.push(Math.max(deadline, this.now), { type: "wake", to: life });
  }

  /** Lets time pass up to `until`. */
  pass(until) {
    while (this.#heap.nextAt <= until) {
      this.now = Math.max(this.now, this.#heap.nextAt);
      this.#happen(this.#heap.pop());
    }
    this.now = until;
  }

  #happen(event) {
    const { type, to } = event;
    if (type === "state" || type === "step") return this.#ask(event);
    if (!to.isAlive) return undefined;
    if (type === "wake") return this.#wake(to);
    if (type === "notify") to.ring.receiveNotify(event.of.contact, this.now);
    else if (type === "hint") to.ring.receiveHint(this.now);
    else if (type === "end") to.ring.suspect(event.of.contact, this.now);
    else if (type === "fail") to.ring.failed(event.output.handle, this.now);
    else to.ring.answered(event.output.handle, event.answer, this.now);
    return this.#drain(to);
  }

  #wake(life) {
    life.wakeAt = Infinity;
    if (life.ring.deadline <= this.now) life.ring.wake(this.now);
    this.#drain(life);
  }

  #ask(event) {
    const { type, to, of, output } = event;
    const answer = type === "state" ? to.ring.snapshot() : to.ring.step(output.target);
    event.to = of;
    event.of = to;
    event.answer = answer;
    event.type = to.isAlive && answer !== undefined ? "answer" : "fail";
    this.#heap.push(this.now + (to.isAlive || this.#tellsEnds ? this.#delay() : failMs), event);
  }

  /** Which nodes have wrong heads, predecessors, lists: counted. */
  faults() {
    const { ring, r } = this;
    const count = ring.length;
    const length = Math.min(r, count - 1);
    const faults = { dead: 0, wrong: 0, predecessors: 0, lists: 0, joining: 0 };
    for (let i = 0; i < count; i++) {
      if (!ring[i].isPlaced) {
        faults.joining++;
        continue;
      }
      const { successors, predecessor } = ring[i].ring.snapshot();
      const head = successors[0]?.record;
      if (head?.isAlive !== true) faults.dead++;
      else if (head !== this.#placedAfter(i, 1)) faults.wrong++;
      if (predecessor?.record !== this.#placedAfter(i, -1)) faults.predecessors++;
      const isRight =
        successors.length === length && successors.every(({ record }, j) => record === ring[(i + j + 1) % count]);
      if (!isRight) faults.lists++;
    }
    return faults;
  }

  #placedAfter(place, step) {
    const { ring } = this;
    let at = place;
    do at = (at + step + ring.length) % ring.length;
    while (!ring[at].isPlaced);
    return ring[at];
  }

  /** Distances that fingers are to span, how many of them are there and right. */
  fingers() {
    let [held, right] = [0, 0];
    for (const { ring, contact } of this.ring) {
      for (const { index, contact: finger } of ring.fingers) {
        held++;
        if (finger.record === this.ownerOf(contact.position.plusPowerOfTwo(index))) right++;
      }
    }
    return { held: held / this.ring.length, right: right / Math.max(1, held) };
  }

  /** A lookup of a random position from a random member, in no time. */
  lookUp() {
    let life = this.random.pick(this.ring);
    while (!life.isPlaced) life = this.random.pick(this.ring);
    const target = Position.fromBytes(this.random.bytes(32));
    const lookup = new Lookup({ self: life.contact, target, limits: Limit }, this.now);
    lookup.beginWith(life.ring.step(target), life.ring.snapshot().successors);
    for (let output = lookup.poll(); output !== undefined; output = lookup.poll()) {
      const to = output.to.record;
      if (!to.isAlive) lookup.fail(output.to, output.type);
      else if (output.type === "state") lookup.receiveState(output.to, to.ring.snapshot());
      else lookup.receiveStep(output.to, to.ring.step(target) ?? { owners: [], next: [] });
    }
    const { result } = lookup;
    const owner = result?.owner.record;
    const isRight = owner === this.ownerOf(target);
    // Somebody who has joined in this very round is not known everywhere yet.
    const isNearly = isRight || owner === this.ownerOf(target, this.now - roundMs);
    return { hops: result?.path.length ?? 0, isFound: owner !== undefined, isRight, isNearly };
  }
}
