// What clients of the table did and were told, and what follows from it: the properties that are checked of every answer.
import { compareVersions } from "../../dist/chord/index.js";
import { isTombstone } from "./records.mjs";

const isOlder = (a, b) => b !== undefined && (a === undefined || compareVersions(a, b) < 0);
const newer = (a, b) => (isOlder(a, b) ? b : a);

const timeStepMs = 10;

class Entry {
  /** The newest that was acknowledged. */
  floor = undefined;
  /** Everything that anybody tried to write, by digest. */
  written = new Map();

  constructor(key) {
    this.key = key;
  }
}

export class Ledger {
  #world;
  #entries = new Map();
  counts = { acknowledged: 0, unwritten: 0, reads: 0, unread: 0, stale: 0, missing: 0 };
  /** How often an operation of a kind took so many ms, in steps. */
  times = { hit: {}, nothing: {}, put: {} };

  constructor(world) {
    this.#world = world;
  }

  get entries() {
    return [...this.#entries.values()];
  }

  entryOf(key) {
    let entry = this.#entries.get(key.hex);
    if (entry === undefined) this.#entries.set(key.hex, (entry = new Entry(key)));
    return entry;
  }

  /** @param what hit, nothing or put; began: when it began */
  took(what, began) {
    const ms = Math.ceil((this.#world.now - began) / timeStepMs) * timeStepMs;
    this.times[what][ms] = (this.times[what][ms] ?? 0) + 1;
  }

  writes(entry, record) {
    entry.written.set(Buffer.from(record.digest).toString("hex"), record);
  }

  /** A write has ended. */
  wrote({ entry, node, record, began }, output) {
    if (output.type !== "stored") {
      this.counts.unwritten++;
      return;
    }
    this.took("put", began);
    this.counts.acknowledged++;
    entry.floor = newer(entry.floor, record);
    node.given.set(entry.key.hex, newer(node.given.get(entry.key.hex), record));
  }

  /** A read has ended. @param floor what was acknowledged when it began */
  read({ entry, node, floor, began }, output) {
    const { counts } = this;
    const name = entry.key.name;
    counts.reads++;
    if (output.type === "failed") return this.#failed(entry, node, floor, output);
    const { record } = output;
    this.took(record === undefined ? "nothing" : "hit", began);
    if (record === undefined) counts.missing++;
    else if (!entry.written.has(Buffer.from(record.digest).toString("hex"))) {
      this.#violate("a record that nobody wrote", name);
    }
    const before = node.given.get(entry.key.hex);
    if (record !== undefined && isOlder(record, before)) this.#violate("versions go back for a client", name);
    if (record !== undefined) node.given.set(entry.key.hex, newer(before, record));
    if (this.#isStrict && isOlder(record, this.#lasting(floor))) this.#violate(this.#lossOf(floor, record), name);
    return undefined;
  }

  #failed({ key }, node, floor, { code }) {
    if (code !== "STALE") {
      this.counts.unread++;
      return;
    }
    this.counts.stale++;
    const before = node.given.get(key.hex);
    if (this.#isStrict && floor !== undefined && !isOlder(floor, before)) {
      this.#violate("an acknowledged record is lost", key.name);
    }
  }

  /** While parts cannot reach each other nobody can know what is newest. */
  get #isStrict() {
    return !this.#world.isLoose;
  }

  /** A tombstone that is read as nothing is right; what has expired need not be there. */
  #lasting(floor) {
    if (floor === undefined || Number(floor.expires) <= this.#world.now) return undefined;
    return floor;
  }

  #lossOf(floor, record) {
    if (record === undefined) return isTombstone(floor) ? undefined : "an acknowledged record is lost";
    return isTombstone(floor) && !isTombstone(record) ? "a deleted value returns" : "an acknowledged record is lost";
  }

  #violate(property, name) {
    if (property !== undefined) this.#world.violate(property, name);
  }

  /** What a read of this must give now, when all is quiet: at least this. */
  wanted({ floor }) {
    return this.#lasting(floor);
  }
}
