// One run of the table, drawn from its seed: what happens to members and network while clients write, delete, update and read.
import { calm, checkAllCopies, checkForgotten, equalMs, holdersOf, readAll } from "./settle.mjs";
import { Traffic } from "./client.mjs";
import { Ledger } from "./ledger.mjs";
import { limits } from "./limits.mjs";
import { planted } from "./planted.mjs";
import { World } from "./world.mjs";

const [fewest, most] = [5, 20];
/** So many may fail at once. */
const failuresMost = 4;
/** From the end of one failure to the next: the ring is ideal, and the copies have been made. */
const repairMs = 2 * limits.SYNC_MS;

class Run {
  world;
  ledger;
  traffic;
  counts = { joins: 0, kills: 0, leaves: 0, restarts: 0, splits: 0, rounds: 0 };
  #random;
  #kind;

  constructor({ seed, kind, defect, trace, nodes, waves = 5 }) {
    this.waves = waves;
    this.world = new World({ seed, shape: shapeOf(seed), planted: planted[defect], trace });
    this.#random = this.world.random.fork(1);
    this.#kind = kind;
    this.ledger = new Ledger(this.world);
    this.traffic = new Traffic(this.world, this.ledger, { clients: 3, keys: this.#random.between(4, 12) });
    this.nodes = nodes ?? (kind === "leave" ? fewest : this.#random.between(fewest, most));
  }

  play() {
    const { world, traffic } = this;
    this.#grow(this.nodes);
    traffic.begin();
    world.pass(this.#random.between(5, 30) * 1000);
    kinds[this.#kind](this);
    traffic.end();
    world.pass(12_000);
    this.#finish();
    const { counts, times } = this.ledger;
    return { counts: { ...this.counts, ...counts }, times, violation: world.violation };
  }

  #grow(nodes) {
    const { world } = this;
    world.start(world.addHost(), []);
    for (let i = 1; i < nodes; i++) {
      this.join();
      if (this.#random.below(2) === 0) world.pass(this.#random.between(100, 4000));
    }
    calm(world);
  }

  get isViolated() {
    return this.world.violation !== undefined;
  }

  get random() {
    return this.#random;
  }

  wait(low, high) {
    this.world.pass(this.#random.between(low, high));
  }

  join(host = this.world.addHost()) {
    const { world } = this;
    this.counts.joins++;
    return world.start(host, this.#random.shuffled(world.placed).slice(0, 3));
  }

  kill(member) {
    this.counts.kills++;
    this.world.kill(member, this.#random.below(3) === 0);
  }

  /** The ring ideal and copies made. */
  repair() {
    this.counts.rounds = Math.max(this.counts.rounds, calm(this.world));
    this.world.pass(repairMs);
  }

  /** Those whose death is hardest: holders of one key, as many as may die. */
  victims() {
    const { world, ledger } = this;
    const count = Math.min(this.#random.between(1, failuresMost), world.placed.length - 1);
    const entries = ledger.entries.filter(({ floor }) => floor !== undefined);
    const entry = entries.length > 0 && this.#random.below(2) === 0 ? this.#random.pick(entries) : undefined;
    const holders = entry === undefined ? [] : holdersOf(world, entry.key, entry.floor);
    const others = this.#random.shuffled(world.placed).filter((member) => !holders.includes(member));
    return [...this.#random.shuffled(holders).filter(({ isPlaced }) => isPlaced), ...others].slice(0, count);
  }

  #finish() {
    const { world, ledger, traffic } = this;
    this.counts.rounds = Math.max(this.counts.rounds, calm(world));
    world.pass(equalMs);
    checkAllCopies(world, ledger);
    world.isLoose = false;
    readAll(world, ledger, traffic);
    if (this.isViolated || this.#random.below(4) > 0) return;
    world.pass(world.shape.maxTtl * 1000 + limits.TOMBSTONE_EXTRA_MS + equalMs);
    checkForgotten(world);
    readAll(world, ledger, traffic);
  }
}

/** Five tables of two copies in most runs, others in some. */
function shapeOf(seed) {
  const successors = 6 + (seed % 5);
  const drawn = seed % 8;
  if (drawn === 6) return { tables: 3, copies: 2, successors };
  if (drawn === 7) return { tables: 5, copies: 3, successors };
  return { tables: 5, copies: 2, successors };
}

/** Up to four fail at once, time and again, with repair between; others come. */
function playFour(run) {
  const { world, random, waves } = run;
  for (let wave = 0; wave < waves && !run.isViolated; wave++) {
    for (const member of run.victims()) run.kill(member);
    run.wait(1000, 20_000);
    run.repair();
    const room = most - world.members.length;
    const least = Math.max(0, fewest - world.members.length);
    const joins = Math.min(room, Math.max(least, random.below(6)));
    for (let i = 0; i < joins; i++) {
      run.join();
      if (random.below(2) === 0) run.wait(100, 8000);
    }
    run.repair();
  }
}

/** Joins, leaves and single failures, one after another. */
function playChurn(run) {
  const { world, random, waves } = run;
  for (let event = 0; event < 4 * waves && !run.isViolated; event++) {
    const count = world.members.length;
    const drawn = random.below(3);
    const [member] = random.shuffled(world.placed.filter(({ ring, isLeaving }) => ring.mayLeave && !isLeaving));
    if (count <= fewest || (drawn === 0 && count < most)) run.join();
    else if (drawn === 1 && member !== undefined) {
      run.counts.leaves++;
      member.leave();
    } else run.kill(random.pick(world.placed));
    run.wait(500, 20_000);
    if (random.below(2) === 0) run.repair();
  }
}

/** Parts cannot reach each other for a while, and all of them are written to. */
function playSplit(run) {
  const { world, traffic, random } = run;
  for (let times = random.between(1, 2); times > 0 && !run.isViolated; times--) {
    run.counts.splits++;
    const nodes = [...world.hosts, ...traffic.clients];
    world.part(nodes, random.between(2, 5));
    run.wait(10_000, 120_000);
    world.part(nodes, 1);
    run.wait(1000, 60_000);
  }
}

/** Everybody's process ends at one moment and begins again; some come back later, with what they had. */
function playRestart(run) {
  const { world, random } = run;
  for (let times = 2; times > 0 && !run.isViolated; times--) {
    run.counts.restarts++;
    const hosts = random.shuffled(world.members.map(({ host }) => host));
    world.isLoose = true;
    for (const { member } of hosts) world.kill(member);
    run.wait(100, 5000);
    const [first, ...others] = hosts;
    world.start(first, []);
    for (const host of others) {
      if (random.below(3) === 0) run.wait(100, 8000);
      run.join(host);
    }
    run.repair();
    world.pass(repairMs);
    world.isLoose = false;
    playReturn(run);
  }
}

/** One fails and comes back much later with its old disk. */
function playReturn(run) {
  const { world, random } = run;
  const { host } = random.pick(world.placed);
  run.kill(host.member);
  run.wait(5000, 60_000);
  run.join(host);
  run.repair();
}

/** One of five leaves while everything is being read; then the next one. */
function playLeave(run) {
  const { world, traffic, ledger, random } = run;
  run.repair();
  for (let wave = 0; wave < Math.min(3, run.waves) && !run.isViolated; wave++) {
    const [member] = random.shuffled(world.placed.filter(({ ring }) => ring.mayLeave));
    if (member === undefined) return;
    run.counts.leaves++;
    const failures = ledger.counts.unread + ledger.counts.stale;
    member.leave();
    for (let i = 0; i < 100 && (member.isAlive || i < 40) && !run.isViolated; i++) {
      for (const client of traffic.clients) traffic.read(random.pick(ledger.entries).key, client);
      world.pass(200);
    }
    world.pass(15_000);
    if (member.isAlive) world.violate("leaving does not end");
    if (ledger.counts.unread + ledger.counts.stale > failures) world.violate("a read fails while one leaves");
    run.join();
    run.repair();
  }
}

export const kinds = {
  four: playFour,
  churn: playChurn,
  split: playSplit,
  restart: playRestart,
  leave: playLeave,
};

/** Plays one run. */
export const play = (plan) => new Run(plan).play();
