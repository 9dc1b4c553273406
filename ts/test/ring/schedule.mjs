// One adversarial schedule, drawn from its seed: whichever message arrives next, whoever's time comes next, nodes that join, crash
// and leave. A must-hold run keeps the operating assumption and is checked after every event; a must-heal run keeps nothing.
import { Prng } from "../../dist/sim/index.js";
import { Invariants } from "./invariants.mjs";
import { lie } from "./liars.mjs";
import { Network } from "./network.mjs";
import { ClassicRing } from "./classic-ring.mjs";
import { calm, settle, withstand } from "./settle.mjs";

/** Kinds of runs: whether the assumption is kept, and what else happens. */
export const kinds = {
  hold: { isGuarded: true },
  heal: { isGuarded: false, suspicions: 30 },
  classic: { isGuarded: true, ring: ClassicRing },
  liars: { isGuarded: false, liars: 2, suspicions: 0 },
};

/** Nodes that are looked at for one that may go. */
const tries = 6;

class Run {
  counts = {
    steps: 0,
    joins: 0,
    crashes: 0,
    leaves: 0,
    suspicions: 0,
    lookups: 0,
    rounds: 0,
    roundsMost: 0,
    released: 0,
    liedTo: 0,
    unanswered: 0,
  };
  violation;
  #random;
  #network;
  #kind;
  #plan;
  #founder;
  #invariants;

  constructor({ seed, kind, steps, nodes, r, trace }) {
    this.#random = new Prng(seed);
    this.#kind = kinds[kind];
    const random = this.#random;
    const most = nodes ?? random.between(3, 12);
    this.#plan = {
      steps: steps ?? random.between(600, 900),
      joins: random.between(50, 85),
      crashes: random.between(22, 34),
      leaves: random.between(50, 85),
      wakes: random.between(5, 40),
      newest: random.pick([0, 0, 0, 30, 70]),
      slow: random.below(3) === 0 ? random.below(most) : -1,
      release: random.below(2) === 0,
    };
    this.#network = new Network({
      nodes: most,
      r: r ?? random.between(2, 4),
      random,
      ring: this.#kind.ring,
      lie,
      trace,
    });
    this.#begin();
  }

  get network() {
    return this.#network;
  }

  #begin() {
    const network = this.#network;
    const founder = network.start(this.#random.pick(network.slots), 0);
    founder.ring.found(0);
    network.drain(founder);
    this.#founder = founder;
    this.#invariants = new Invariants(network, founder);
  }

  /** Half of the runs begin with an ideal ring of some nodes; the base is drawn among them. */
  #grow() {
    const network = this.#network;
    const random = this.#random;
    const fill = random.between(Math.min(network.r, network.nodes - 1), network.nodes - 1);
    const free = random.shuffled(network.slots.filter(({ life }) => life === undefined));
    for (const slot of free.slice(0, fill)) {
      const life = network.start(slot, 0);
      life.ring.join([this.#founder.contact], 0);
      network.drain(life);
    }
    calm(network);
    if (this.#kind.isGuarded) this.#invariants.release(random);
  }

  run() {
    const network = this.#network;
    const { steps } = this.#plan;
    if (this.#random.below(2) === 0) this.#grow();
    for (let step = 0; step < steps && this.violation === undefined; step++) {
      network.steps = step;
      this.#step();
    }
    this.counts.steps = network.steps + 1;
    this.counts.released = this.#invariants.isReleased ? 1 : 0;
    if (this.violation === undefined) this.#settle();
    return { counts: this.counts, violation: this.violation, step: network.steps };
  }

  #settle() {
    const network = this.#network;
    const check = this.#kind.isGuarded ? (life, isForAll) => this.#invariants.check(life, isForAll) : () => undefined;
    if (this.#kind.liars !== undefined) {
      this.violation = withstand(network, this.counts);
      if (this.violation !== undefined) return;
      for (const life of network.lives.filter(({ isLiar }) => isLiar)) network.end(life);
    }
    this.violation = settle(network, this.counts, check);
  }

  #step() {
    const { joins, crashes, leaves } = this.#plan;
    const { suspicions = 0 } = this.#kind;
    let drawn = this.#random.below(1000);
    if (drawn < joins && this.#join()) return;
    drawn -= joins;
    if (drawn >= 0 && drawn < crashes && this.#crash()) return;
    drawn -= crashes;
    if (drawn >= 0 && drawn < leaves && this.#leave()) return;
    drawn -= leaves;
    if (drawn >= 0 && drawn < suspicions && this.#suspect()) return;
    this.#work();
  }

  #after(life, isForAll) {
    if (!this.#kind.isGuarded) return;
    this.violation = this.#invariants.check(life, isForAll);
  }

  #join() {
    const network = this.#network;
    const free = network.slots.filter(({ life }) => life === undefined);
    if (free.length === 0) return false;
    const life = network.start(this.#random.pick(free), 0);
    const known = this.#random.pick(network.lives);
    const contacts = known === life || known === this.#founder ? [] : [known.contact];
    // Somebody whom it may begin with stays: the founder, or one of the base.
    const sure = this.#random.pick(this.#invariants.kept);
    contacts.push(sure.contact);
    life.isLiar = this.#kind.liars !== undefined && this.#random.below(6) < this.#kind.liars;
    network.trace?.(`join ${life.rank}.${life.contact.incarnation}`);
    life.ring.join(this.#random.shuffled(contacts), life.now);
    network.drain(life);
    this.counts.joins++;
    return true;
  }

  /** Somebody who may go, if there is one. */
  #victim(isAny) {
    const { lives } = this.#network;
    for (let i = 0; i < tries; i++) {
      const life = this.#random.pick(lives);
      if (!isAny && !life.isPlaced) continue;
      if (life.isLeaving || !life.isPlaced) {
        if (isAny) return life;
      } else if (this.#kind.isGuarded ? this.#invariants.mayGo(life) : life !== this.#founder) return life;
    }
    return undefined;
  }

  #crash() {
    const network = this.#network;
    const life = this.#victim(true);
    if (life === undefined) return false;
    network.trace?.(`crash ${life.rank}`);
    network.end(life);
    this.counts.crashes++;
    this.#after(undefined, true);
    return true;
  }

  #leave() {
    const network = this.#network;
    const life = this.#victim(false);
    if (life === undefined || !life.ring.mayLeave) return false;
    network.trace?.(`leave ${life.rank}`);
    life.isLeaving = true;
    const peers = network.lives.filter(({ isPlaced }) => isPlaced && this.#random.below(2) === 0);
    life.isPlaced = false;
    life.ring.leave(
      life.now,
      peers.filter((peer) => peer !== life).map(({ contact }) => contact),
    );
    network.drain(life);
    this.counts.leaves++;
    this.#after(undefined, true);
    return true;
  }

  /** A request to a node that lives is taken for failed, or a node on a list is. */
  #suspect() {
    const network = this.#network;
    const { bag, lives } = network;
    this.counts.suspicions++;
    if (bag.length > 0 && this.#random.below(2) === 0) {
      const message = network.take(this.#random.below(bag.length));
      network.trace?.(`lost ${message.type}`);
      if (message.asker !== undefined) network.fail(message);
      return true;
    }
    const life = this.#random.pick(lives);
    const { successors } = life.ring.snapshot();
    if (successors.length === 0) return true;
    const suspected = this.#random.pick(successors);
    network.trace?.(`${life.rank} suspects ${suspected.record.rank}`);
    life.ring.takeAsFailed(suspected, life.now);
    network.drain(life);
    return true;
  }

  /** A message arrives, or somebody's time comes. */
  #work() {
    const network = this.#network;
    const { bag, lives } = network;
    const { wakes } = this.#plan;
    let life;
    const before = lives.length;
    if (bag.length > 0 && this.#random.below(100) >= wakes) {
      const message = network.take(this.#place(bag));
      if (network.trace !== undefined) network.trace(told(message));
      life = network.deliver(message);
    } else {
      life = network.wake(this.#random.pick(lives));
      if (life !== undefined && network.trace !== undefined) network.trace(`wake ${life.rank}`);
    }
    this.#after(life, lives.length !== before);
    if (this.#plan.release && this.#kind.isGuarded && (network.steps & 7) === 0) this.#invariants.release(this.#random);
  }

  #place(bag) {
    const { newest, slow } = this.#plan;
    if (newest > 0 && this.#random.below(100) < newest) return bag.length - 1;
    const at = this.#random.below(bag.length);
    // What goes to a slow node is left lying most of the time.
    if (slow < 0 || bag[at].to.record.rank !== slow || this.#random.below(8) === 0) return at;
    return this.#random.below(bag.length);
  }
}

function told({ type, asked, asker, to, of, answer }) {
  if (type !== "reply") return `${type} ${(asker ?? of).rank} → ${to.record.rank}`;
  const list = answer?.successors?.map(({ record }) => record.rank).join(" ");
  return `answer to ${asked} ${of.rank} → ${asker.rank}${list === undefined ? "" : ` [${list}] ${answer.phase}`}`;
}

/** Plays one schedule. */
export function play(plan) {
  return new Run(plan).run();
}

function stateOf({ rank, ring, isLeaving }) {
  const { phase, successors, predecessor, wraps } = ring.snapshot();
  const list = successors.map(({ record }) => `${record.rank}${record.isAlive ? "" : "†"}`).join(" ");
  const name = isLeaving ? "LEAVING" : phase;
  return `${rank} ${name} [${list}${wraps ? " wraps" : ""}] after ${predecessor?.record.rank ?? "none"}`;
}

/** Plays one schedule and tells every step with what it makes of the nodes. */
export function playTold(plan, tell) {
  let last = "";
  const flush = () => {
    if (last !== "") tell([last, ...run.network.lives.map((life) => `        ${stateOf(life)}`)].join("\n"));
  };
  const trace = (text) => {
    flush();
    last = `${run.network.steps}  ${text}`;
  };
  const run = new Run({ ...plan, trace });
  const result = run.run();
  flush();
  return result;
}
