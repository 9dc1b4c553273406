// Clients: nodes that are no members, and what they and members do with the table, each drawn at random and told to the ledger.
import { Position, sequenceFor, VersionsSeen } from "../../dist/chord/index.js";
import { limits, maxTtlMs } from "./limits.mjs";
import { runReader, runWriter } from "./operations.mjs";
import { isTombstone, Kind, makeKey, makeRecord } from "./records.mjs";

/** Members that a client is in session with. */
const sessions = 3;

/** A node that is no member: it lives as long as the run. */
export class Client {
  isAlive = true;
  side = 0;
  seen = new VersionsSeen(limits.VERSIONS_SEEN);
  /** The newest that it was given, or had acknowledged, by key. */
  given = new Map();

  constructor(world, number) {
    this.world = world;
    this.name = `client ${number}`;
    this.key = (2 ** 32 + number).toString(16).padStart(64, "0");
    this.contact = {
      key: this.key,
      position: Position.fromBytes(world.random.bytes(32)),
      incarnation: 1n,
      record: this,
    };
  }

  contacts() {
    const near = this.world.placed.filter((member) => !this.world.isCut(member, this));
    return this.world.random
      .shuffled(near)
      .slice(0, sessions)
      .map(({ contact }) => contact);
  }
}

/** Everything that happens to the table in a run. */
export class Traffic {
  #world;
  #ledger;
  #clients;
  #keys;
  #isOn = false;
  #serial = 0;

  constructor(world, ledger, { clients, keys }) {
    this.#world = world;
    this.#ledger = ledger;
    this.#clients = Array.from({ length: clients }, (_, i) => new Client(world, i));
    this.#keys = Array.from({ length: keys }, (_, i) => makeKey(Kind.SHARED, `shared ${i}`));
  }

  get clients() {
    return this.#clients;
  }

  begin() {
    this.#isOn = true;
    this.#next();
  }

  end() {
    this.#isOn = false;
  }

  #next() {
    const { random } = this.#world;
    this.#world.after(random.between(50, 900), () => {
      if (!this.#isOn) return;
      this.#act();
      this.#next();
    });
  }

  #act() {
    const { random } = this.#world;
    const { placed } = this.#world;
    const node = random.below(3) === 0 && placed.length > 0 ? random.pick(placed) : random.pick(this.#clients);
    const drawn = random.below(100);
    if (drawn < 40) this.read(this.#someKey(), node);
    else if (drawn < 48) this.readMissing(node);
    else if (drawn < 56) this.#update(random.pick(this.#keys), node);
    else if (drawn < 66) this.#delete(random.pick(this.#keys), node);
    else if (drawn < 72) this.#writeOwned(random.pick(this.#clients));
    else if (drawn < 76) this.#writeImmutable(node);
    else this.write(random.pick(this.#keys), node);
  }

  #someKey() {
    const { random } = this.#world;
    const { entries } = this.#ledger;
    return entries.length === 0 ? random.pick(this.#keys) : random.pick(entries).key;
  }

  write(key, node, isDeleted = false) {
    const now = Math.floor(this.#world.now);
    const sequence = sequenceFor(key.kind, node.seen.sequenceOf(key.keyId), now);
    node.seen.noteSequence(key.keyId, sequence);
    const value = `${node.name} ${this.#serial++}`;
    this.#put(key, node, makeRecord(key, { writer: node.name, sequence, now, ttlMs: maxTtlMs, isDeleted, value }));
  }

  #put(key, node, record) {
    const entry = this.#ledger.entryOf(key);
    this.#ledger.writes(entry, record);
    this.#world.tell(`${node.name} writes ${key.name}${isTombstone(record) ? ": deleted" : ""}`);
    let isTold = false;
    const began = this.#world.now;
    runWriter(this.#world, node, { record }, (output) => {
      if (isTold) return;
      isTold = true;
      this.#world.tell(`${node.name}: ${key.name} ${output.type} ${output.code ?? ""}`);
      this.#ledger.wrote({ entry, node, record, began }, output);
    });
  }

  #delete(key, node) {
    this.write(key, node, true);
  }

  #writeOwned(client) {
    const name = `${client.name} owned ${this.#world.random.below(2)}`;
    this.write(makeKey(Kind.OWNED, name), client);
  }

  #writeImmutable(node) {
    const key = makeKey(Kind.IMMUTABLE, `immutable ${this.#serial++}`);
    const now = Math.floor(this.#world.now);
    this.#put(key, node, makeRecord(key, { writer: "", sequence: 0n, now, ttlMs: maxTtlMs, value: key.name }));
  }

  /** Compare and set: reads, then writes what follows. */
  #update(key, node) {
    this.read(key, node, () => this.write(key, node));
  }

  read(key, node, then = () => undefined) {
    const entry = this.#ledger.entryOf(key);
    const { floor } = entry;
    const began = this.#world.now;
    const wish = { kind: key.kind, keyId: key.keyId };
    runReader(this.#world, node, wish, (output) => {
      this.#world.tell(`${node.name} reads ${key.name}: ${told(output)}`);
      this.#ledger.read({ entry, node, floor, began }, output);
      then(output);
    });
  }

  /** Reads what nobody has written; in bounded time there must be an answer. */
  readMissing(node, mostMs = Infinity) {
    const key = makeKey(Kind.SHARED, `missing ${this.#serial++}`);
    const began = this.#world.now;
    let isTold = false;
    runReader(this.#world, node, { kind: key.kind, keyId: key.keyId }, (output) => {
      isTold = true;
      const took = this.#world.now - began;
      if (output.type === "got") this.#ledger.took("nothing", began);
      if (output.type === "got" && output.record !== undefined) this.#world.violate("a record that nobody wrote");
      if (took > mostMs || (mostMs < Infinity && output.type !== "got")) this.#late();
    });
    if (mostMs < Infinity) this.#world.after(mostMs, () => isTold || !node.isAlive || this.#late());
  }

  #late() {
    this.#world.violate("that there is nothing is not answered in time");
  }
}

function told({ type, code, record }) {
  if (type === "failed") return code;
  if (record === undefined) return "nothing";
  return `${record.sequence}${isTombstone(record) ? " deleted" : ""}`;
}
