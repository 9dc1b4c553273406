// Ring machines and what is on its way between them. Messages lie in one bag, from which anybody may take any next: who takes which
// is the schedule's business. A node is a slot with a place on the ring; each time it starts it is a new life with a new machine.
import { Position, Ring } from "../../dist/chord/index.js";
import { Limit } from "../../dist/gen/registry.js";

const slotsMost = 64;
/** One set of places for all runs: which of them a run uses, and in which order nodes come, is drawn. */
export const places = Array.from({ length: slotsMost }, (_, i) => {
  const bytes = new Uint8Array(32);
  let mixed = (i + 1) * 0x9e3779b1;
  for (let at = 0; at < 32; at++) {
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) + at;
    bytes[at] = mixed >>> 16;
  }
  return Position.fromBytes(bytes);
}).sort((a, b) => a.compare(b));
const keys = places.map((_, i) => i.toString(16).padStart(64, "0"));
const incarnations = Array.from({ length: 4096 }, (_, i) => BigInt(i + 1));

/** One life of a node. */
export class Life {
  isAlive = true;
  /** It has announced that it goes: nobody may rest on it any more. */
  isLeaving = false;
  /** A member or founder that means to stay. */
  isPlaced = false;
  isKept = false;
  isLiar = false;
  now = 0;
  /** The snapshot that was checked last. */
  seen = undefined;

  constructor(slot, incarnation, makeRing) {
    this.slot = slot;
    this.rank = slot.rank;
    this.contact = { key: slot.key, position: slot.position, incarnation, record: this };
    this.ring = makeRing(this.contact);
  }
}

export class Network {
  /** All that is on its way. */
  bag = [];
  lives = [];
  slots;
  /** Lives that have ended, for those who claim that they still are. */
  ended = [];
  steps = 0;
  trace;
  #makeRing;

  constructor({ nodes, r, random, ring = Ring, lie, trace }) {
    this.nodes = nodes;
    this.r = r;
    this.random = random;
    this.trace = trace;
    this.lie = lie;
    const chosen = new Set();
    while (chosen.size < nodes) chosen.add(random.below(slotsMost));
    const sorted = [...chosen].sort((a, b) => a - b);
    this.slots = sorted.map((place, rank) => ({
      rank,
      key: keys[place],
      position: places[place],
      lives: 0,
      life: undefined,
    }));
    this.#makeRing = (self) => new ring({ self, random, limits: Limit, r });
  }

  /** A new life in a free slot. */
  start(slot, now) {
    const life = new Life(slot, incarnations[slot.lives++], this.#makeRing);
    life.now = now;
    slot.life = life;
    this.lives.push(life);
    return life;
  }

  end(life) {
    life.isAlive = false;
    life.isPlaced = false;
    life.slot.life = undefined;
    this.lives.splice(this.lives.indexOf(life), 1);
    this.ended.push(life);
    let kept = 0;
    // What it has told may still arrive; what was asked or answered for its sake concerns nobody.
    for (const message of this.bag) if (message.asker !== life) this.bag[kept++] = message;
    this.bag.length = kept;
  }

  /** Takes what a machine has to say, and notes what it has become. */
  drain(life) {
    const { ring } = life;
    for (let output = ring.poll(); output !== undefined; output = ring.poll()) {
      switch (output.type) {
        case "state":
        case "step":
        case "leave":
          this.bag.push({ type: output.type, asker: life, to: output.to, output, answer: undefined, of: undefined });
          break;
        case "notify":
        case "hint":
          this.bag.push({ type: output.type, asker: undefined, to: output.to, output, answer: undefined, of: life });
          break;
        case "phase":
          life.isPlaced = output.phase === "MEMBER" || output.phase === "FOUNDER";
          life.isFounder = output.phase === "FOUNDER";
          break;
        default:
          this.end(life);
          return;
      }
    }
  }

  /** Takes one message out of the bag, without keeping the order. */
  take(at) {
    const { bag } = this;
    const message = bag[at];
    const last = bag.pop();
    if (at < bag.length) bag[at] = last;
    return message;
  }

  /** A message arrives. Answers the life that it has changed, if one. */
  deliver(message) {
    switch (message.type) {
      case "reply":
        return this.#reply(message);
      case "notify":
      case "hint":
        return this.#tell(message);
      default:
        return this.#ask(message);
    }
  }

  #ask(message) {
    const { type, asker, to, output } = message;
    const life = to.record.slot.life;
    if (life === undefined) return this.fail(message);
    const { ring } = life;
    const answer = type === "state" ? ring.snapshot() : type === "step" ? ring.step(output.target) : undefined;
    if (type === "step" && answer === undefined) return this.fail(message);
    message.answer = life.isLiar ? this.lie(this, life, message, answer) : answer;
    message.of = life;
    message.asked = type;
    message.type = "reply";
    this.bag.push(message);
    if (type !== "leave") return undefined;
    ring.receiveLeave(asker.contact, life.now);
    this.drain(life);
    return life;
  }

  #reply(message) {
    const { asker, output, of, answer } = message;
    // The last words of one that has died arrive, or do not.
    if (!of.isAlive && this.random.below(2) === 0) return this.fail(message);
    asker.ring.answered(output.handle, answer, asker.now);
    this.drain(asker);
    return asker;
  }

  /** A request is given up. */
  fail({ asker, output }) {
    asker.ring.failed(output.handle, asker.now);
    this.drain(asker);
    return asker;
  }

  #tell({ type, to, of }) {
    const life = to.record.slot.life;
    if (life === undefined) return undefined;
    if (type === "notify") life.ring.receiveNotify(of.contact, life.now);
    else life.ring.receiveHint(life.now);
    this.drain(life);
    return life;
  }

  /** A machine's next time comes. */
  wake(life) {
    const { deadline } = life.ring;
    if (deadline === Infinity) return undefined;
    if (deadline > life.now) life.now = deadline;
    life.ring.wake(life.now);
    this.drain(life);
    return life;
  }
}
