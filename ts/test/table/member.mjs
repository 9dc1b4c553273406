// One life of a member: its ring and its keeper, what they say carried to where it belongs.
import { Keeper, Position, Ring, VersionsSeen } from "../../dist/chord/index.js";
import { askRing, askTable, failed } from "./ask.mjs";
import { limits } from "./limits.mjs";
import { runMender } from "./operations.mjs";

/** Longest payload that anybody takes here. */
const receiveBytes = 2 ** 20;

export class Member {
  isAlive = true;
  isPlaced = false;
  isLeaving = false;
  isGoneSilently = false;
  /** Requests that came and are not answered. */
  serving = new Set();
  seen = new VersionsSeen(limits.VERSIONS_SEEN);
  /** What it was given as a client of the table, by key. */
  given = new Map();
  world;
  host;
  contact;
  ring;
  keeper;
  store;
  #numbers = new Map();
  #nextNumber = 1;
  #snapshot;
  #wakeAt = Infinity;

  constructor(world, host) {
    this.world = world;
    this.host = host;
    const incarnation = BigInt(++host.lives);
    const position = Position.fromBytes(host.bytes);
    this.contact = { key: host.key, position, incarnation, record: this };
    const { shape, random } = world;
    this.ring = new Ring({ self: this.contact, random, limits, r: shape.successors });
    const keeperShape = { ...shape, ...world.planted.keeperShape };
    this.keeper = new Keeper({ self: this.contact, limits, shape: keeperShape, positionOf: world.positions.of });
    this.store = host.disk.open();
  }

  get name() {
    return `${this.host.number}.${this.contact.incarnation}`;
  }

  get side() {
    return this.host.side;
  }

  get key() {
    return this.contact.key;
  }

  begin(known) {
    const { now } = this.world;
    this.keeper.load(this.store.infos(), now);
    if (known.length === 0) this.ring.found(now);
    else this.ring.join(known, now);
    this.#drain();
  }

  end() {
    this.isAlive = false;
    this.isPlaced = false;
  }

  /** Something happens to one of the machines. */
  happen(what) {
    if (!this.isAlive) return;
    what(this.world.now);
    this.#drain();
  }

  sessionEnded(contact) {
    this.happen((now) => {
      this.keeper.forget(contact.key);
      this.ring.suspect(contact, now);
    });
  }

  /** Hands over and leaves. */
  leave() {
    this.isLeaving = true;
    this.world.tell(`leave ${this.name}`);
    this.happen((now) => {
      if (this.world.planted.leavesAtOnce) this.#leaveRing(now);
      else this.keeper.leave(now);
    });
  }

  #leaveRing(now) {
    const peers = this.world.placed.filter((member) => member !== this && !this.world.isCut(member, this));
    this.ring.leave(
      now,
      peers.map(({ contact }) => contact),
    );
  }

  #drain() {
    const { ring, keeper, world } = this;
    let isDone = false;
    while (!isDone) {
      isDone = true;
      for (let output = ring.poll(); output !== undefined; output = ring.poll()) this.#ringSays(output);
      const snapshot = ring.snapshot();
      if (snapshot !== this.#snapshot) {
        this.#snapshot = snapshot;
        keeper.ringChanged(snapshot, world.now);
      }
      for (let output = keeper.poll(); output !== undefined; output = keeper.poll()) {
        isDone = false;
        this.#keeperSays(output);
      }
    }
    if (this.isAlive) this.#schedule();
  }

  #schedule() {
    const deadline = Math.min(this.ring.deadline, this.keeper.deadline);
    if (deadline >= this.#wakeAt) return;
    this.#wakeAt = deadline;
    this.world.at(deadline, () => {
      if (!this.isAlive || this.#wakeAt !== deadline) return;
      this.#wakeAt = Infinity;
      this.happen((now) => {
        if (this.ring.deadline <= now) this.ring.wake(now);
        if (this.keeper.deadline <= now) this.keeper.wake(now);
      });
    });
  }

  #ringSays(output) {
    const { world, ring } = this;
    const { type, to, handle, target } = output;
    if (type === "phase") {
      this.isPlaced = output.phase === "MEMBER" || output.phase === "FOUNDER";
    } else if (type === "left") {
      world.tell(`left ${this.name}`);
      world.after(0, () => {
        if (this.isAlive) world.kill(this);
      });
    } else if (type === "notify" || type === "hint") {
      const { contact } = this;
      world.send({
        from: this,
        to,
        serve: (member) =>
          member.happen((now) =>
            type === "notify" ? member.ring.receiveNotify(contact, now) : member.ring.receiveHint(now),
          ),
      });
    } else {
      askRing(world, this, { type, to, target }, (answer) =>
        this.happen((now) => (answer === failed ? ring.failed(handle, now) : ring.answered(handle, answer, now))),
      );
    }
  }

  #keeperSays(output) {
    const { world, keeper, store } = this;
    const { type, handle } = output;
    if (type === "ask") this.#askMember(output);
    else if (type === "answer") this.#take(output.request)?.answer(output.answer);
    else if (type === "refuse") this.#take(output.request)?.refuse(output.code);
    else if (type === "write") {
      store.write(output.write, (failure) => this.happen((now) => keeper.written(handle, failure, now)));
    } else if (type === "read") {
      store.read(output.keyIds, (records) => this.happen((now) => keeper.wasRead(handle, records, now)));
    } else if (type === "check") {
      const done = () => this.happen((now) => keeper.checked(handle, now));
      if (world.planted.checksNothing) world.after(0, done);
      else runMender(world, this, output, done);
    } else if (type === "handed") this.#leaveRing(world.now);
  }

  #take(number) {
    const request = this.#numbers.get(number);
    this.#numbers.delete(number);
    return request;
  }

  #askMember({ handle, to, request }) {
    const { world, keeper } = this;
    if (world.planted.keepsSilent?.(this, request)) {
      world.after(0, () => this.happen((now) => keeper.failed(handle, undefined, now)));
      return;
    }
    askTable(world, this, to, request, {
      done: (answer) => this.happen((now) => keeper.answered(handle, answer, now)),
      failed: (code) => this.happen((now) => keeper.failed(handle, code, now)),
    });
  }

  /** Which keys are being put here by somebody else. */
  isPutting(keyId) {
    for (const { what } of this.#numbers.values()) {
      if (what.command === "PUT" && Buffer.compare(what.record.keyId, keyId) === 0) return true;
    }
    return false;
  }

  /** A request of the table came. */
  serve(request, what) {
    const number = this.#nextNumber++;
    request.what = what;
    this.#numbers.set(number, request);
    const from = { key: request.from.key, prefix: undefined, receiveBytes };
    this.happen((now) => this.keeper.receive(number, from, what, now));
  }
}
