// A network that falls into parts of one size, is written to on all sides, and heals: what writers and readers are told, and how far
// replicas are equal, second by second. The runs of `make sim-table` judge; here it is measured.
import { Traffic } from "./client.mjs";
import { Ledger } from "./ledger.mjs";
import { calm, hasEqualReplicas, isIdeal } from "./settle.mjs";
import { World } from "./world.mjs";

const shape = { tables: 5, copies: 2, successors: 8 };
const stepMs = 1000;
/** Before the network parts, while it is in parts, and after it has healed. */
export const spansMs = { before: 20_000, apart: 60_000, after: 330_000 };
const allMs = spansMs.before + spansMs.apart + spansMs.after;

/** A ledger that notes in which second an operation began that succeeded or did not. */
class Timeline extends Ledger {
  #seconds;
  #beganAt = Infinity;
  #now;

  constructor(world) {
    super(world);
    this.#now = () => world.now;
    this.#seconds = Array.from({ length: allMs / stepMs }, () => ({ stored: 0, failed: 0, read: 0, unread: 0 }));
  }

  begin() {
    this.#beganAt = this.#now();
  }

  get seconds() {
    return this.#seconds;
  }

  #note(began, what) {
    const second = this.#seconds[Math.floor((began - this.#beganAt) / stepMs)];
    if (second !== undefined) second[what]++;
  }

  wrote(what, output) {
    this.#note(what.began, output.type === "stored" ? "stored" : "failed");
    super.wrote(what, output);
  }

  read(what, output) {
    this.#note(what.began, output.type === "failed" ? "unread" : "read");
    return super.read(what, output);
  }
}

/** Waits for a world to heal: the ring, and each key that there was. */
class Healing {
  idealMs;
  /** When the replicas of each key were equal for the first time; undefined where they never were. */
  equalMs;
  #world;
  #keys;

  constructor(world, ledger) {
    this.#world = world;
    this.#keys = ledger.entries.map(({ key }) => key);
    this.equalMs = this.#keys.map(() => undefined);
  }

  /** So many ms after it healed. */
  see(ms) {
    if (this.idealMs === undefined && isIdeal(this.#world)) this.idealMs = ms;
    for (const [i, key] of this.#keys.entries()) {
      if (this.equalMs[i] === undefined && hasEqualReplicas(this.#world, key)) this.equalMs[i] = ms;
    }
  }
}

/** One network, once: what began in each second, how many keys had equal replicas then, and how it healed. */
function playOnce({ nodes, parts, seed }) {
  const world = new World({ seed, shape });
  const ledger = new Timeline(world);
  const traffic = new Traffic(world, ledger, { clients: 2 * parts, keys: 12 });
  world.grow(nodes);
  calm(world);
  traffic.begin();
  world.pass(spansMs.before);
  const all = [...world.hosts, ...traffic.clients];
  ledger.begin();
  const equal = [];
  const pass = (spanMs, see = () => undefined) => {
    for (let ms = stepMs; ms <= spanMs; ms += stepMs) {
      world.pass(stepMs);
      equal.push(ledger.entries.filter(({ key }) => hasEqualReplicas(world, key)).length / ledger.entries.length);
      see(ms);
    }
  };
  pass(spansMs.before);
  world.divide(all, parts);
  pass(spansMs.apart);
  world.divide(all, 1);
  const healing = new Healing(world, ledger);
  pass(spansMs.after, (ms) => healing.see(ms));
  return { seconds: ledger.seconds, equal, healing, violation: world.violation };
}

/** Several networks: sums by seconds, counted from the parting, and the times to heal. */
export function playPartition({ nodes, parts, runs }) {
  const played = Array.from({ length: runs }, (_, i) => playOnce({ nodes, parts, seed: i + 1 }));
  const sum = (of) => played.reduce((total, run) => total + of(run), 0);
  const seconds = played[0].seconds.map((first, at) => {
    const sums = Object.keys(first).map((name) => [name, sum(({ seconds }) => seconds[at][name])]);
    return {
      at: at - spansMs.before / stepMs,
      ...Object.fromEntries(sums),
      equal: sum(({ equal }) => equal[at]) / runs,
    };
  });
  return {
    nodes,
    parts,
    runs,
    seconds,
    idealMs: played.map(({ healing }) => healing.idealMs ?? null),
    equalMs: played.flatMap(({ healing }) => healing.equalMs.map((ms) => ms ?? null)),
    violated: played.filter(({ violation }) => violation !== undefined).length,
  };
}
