// Members and clients of a table on a virtual clock: the machines of ring, keeper, writer and reader, unmodified. Messages take their
// time, nodes die with what is on its way to them, and parts of the network may not reach each other.
import { Prng } from "../../dist/sim/index.js";
import { Heap } from "../ring/large/heap.mjs";
import { Member } from "./member.mjs";
import { Disk } from "./disk.mjs";
import { limits, maxTtlMs } from "./limits.mjs";
import { Positions } from "./records.mjs";

const beganAt = 1_700_000_000_000;
const delayMs = [5, 80];
/** Tries of a request to a node that keeps silent. */
const silentMs = 1500;
/** What a PUT may take, and the way there and back. */
const putSilentMs = limits.PUT_MS + 1000;

export class World {
  now = beganAt;
  random;
  shape;
  positions = new Positions();
  /** Hosts, with their disks; in the order in which they came. */
  hosts = [];
  trace;
  planted;
  /** First property that was violated. */
  violation;
  #heap = new Heap();

  /** @param shape tables, copies, successors; planted: a defect, see planted.mjs. */
  constructor({ seed, shape, planted = {}, trace }) {
    this.random = new Prng(seed);
    this.shape = { ...shape, maxTtl: maxTtlMs / 1000 };
    this.planted = planted;
    this.trace = trace;
  }

  /** Members that live. */
  get members() {
    return this.hosts.filter(({ member }) => member !== undefined).map(({ member }) => member);
  }

  get placed() {
    return this.members.filter(({ isPlaced }) => isPlaced);
  }

  /** @param what for the trace: where */
  violate(property, what = "") {
    if (this.violation !== undefined) return;
    this.violation = property;
    this.tell(`VIOLATED ${property}: ${what}`);
  }

  tell(what) {
    this.trace?.(`${this.now - beganAt} ${what}`);
  }

  after(ms, what) {
    this.#heap.push(this.now + ms, what);
  }

  at(time, what) {
    this.#heap.push(Math.max(time, this.now), what);
  }

  /** Lets time pass up to `until`, or to the first violation. */
  pass(ms) {
    const until = this.now + ms;
    while (this.#heap.nextAt <= until && this.violation === undefined) {
      this.now = Math.max(this.now, this.#heap.nextAt);
      this.#heap.pop()();
    }
    this.now = until;
  }

  delay() {
    return this.random.between(...delayMs);
  }

  addHost() {
    const number = this.hosts.length;
    const host = { number, key: number.toString(16).padStart(64, "0"), side: 0, lives: 0, member: undefined };
    host.bytes = this.random.bytes(32);
    host.disk = new Disk(this, this.planted.isDiskLying);
    this.hosts.push(host);
    return host;
  }

  /** A life of a host begins, with what its disk holds. @param known members that it joins through; none: it founds */
  start(host, known) {
    const member = new Member(this, host);
    host.member = member;
    this.tell(`start ${member.name}`);
    member.begin(known.map(({ contact }) => contact));
    return member;
  }

  /** A process ends. @param isSilent nobody is told: its requests time out */
  kill(member, isSilent = false) {
    const { host } = member;
    this.tell(`kill ${member.name}`);
    member.end();
    member.isGoneSilently = isSilent;
    host.disk.close();
    host.member = undefined;
    for (const request of member.serving) {
      this.after(isSilent ? silentMs : this.delay(), () => request.fail(undefined));
    }
    if (isSilent) return;
    for (const other of this.members) {
      if (!this.isCut(other, member)) this.after(this.delay(), () => other.sessionEnded(member.contact));
    }
  }

  /** Whether two cannot reach each other. */
  isCut(a, b) {
    return a.side !== b.side;
  }

  /**
   * Sends a request to a member. @param to its contact; serve: called there with the request, which `answer`s or `refuse`s; done and
   * failed: called once at the asker, while it lives
   */
  ask({ from, to, isPut = false, serve, done, failed }) {
    const request = new Request(this, { from, to: to.record, isPut, serve, done, failed });
    this.at(this.now + (isPut ? putSilentMs : silentMs), () => request.expire());
    if (!this.isCut(from, to.record)) this.after(this.delay(), () => request.arrive());
  }

  /** Something that needs no answer. */
  send({ from, to, serve }) {
    const member = to.record;
    this.after(this.delay(), () => {
      if (member.isAlive && !this.isCut(from, member)) serve(member);
    });
  }

  /** Not all can reach each other, or all have just ended: nobody can know yet what is newest. */
  isLoose = false;

  /** Parts the hosts and clients at random; one part heals. */
  part(nodes, parts) {
    this.#setSides(nodes, parts, () => this.random.below(parts));
  }

  /** Parts them into parts of one size, as near as can be. */
  divide(nodes, parts) {
    this.#setSides(nodes, parts, (i) => i % parts);
  }

  #setSides(nodes, parts, sideOf) {
    this.isLoose ||= parts > 1;
    for (const [i, node] of nodes.entries()) node.side = sideOf(i);
    this.tell(`sides ${nodes.map(({ side }) => side).join("")}`);
  }

  /** A founder, and others that join through it and each other, as many as are wanted. */
  grow(nodes) {
    this.start(this.addHost(), []);
    for (let i = 1; i < nodes; i++) {
      this.start(this.addHost(), this.random.shuffled(this.placed).slice(0, 3));
      this.pass(this.random.between(100, 4000));
    }
  }
}

/** A request on its way, and its answer. Nothing of it is kept when it has ended: its timer waits longer. */
class Request {
  #world;
  #from;
  #to;
  #isPut;
  #ends;

  constructor(world, { from, to, isPut, ...ends }) {
    this.#world = world;
    this.#from = from;
    this.#to = to;
    this.#isPut = isPut;
    this.#ends = ends;
  }

  get from() {
    return this.#from;
  }

  get #isCut() {
    return this.#world.isCut(this.#from, this.#to);
  }

  arrive() {
    const to = this.#to;
    if (this.#ends === undefined || this.#isCut) return;
    if (to.isAlive) {
      to.serving.add(this);
      this.#ends.serve(to, this);
    } else if (!to.isGoneSilently) this.refuse(undefined);
  }

  answer(answer) {
    this.#back((ends) => ends.done(answer));
  }

  refuse(code) {
    this.#back((ends) => ends.failed(code));
  }

  fail() {
    this.#end((ends) => ends.failed(undefined));
  }

  expire() {
    if (this.#ends === undefined) return;
    if (this.#isPut && this.#to.isAlive && !this.#world.isLoose) this.#world.violate("a PUT is not answered in time");
    this.fail();
  }

  #back(what) {
    if (this.#isCut) return;
    this.#world.after(this.#world.delay(), () => this.#isCut || this.#end(what));
  }

  #end(what) {
    const ends = this.#ends;
    if (ends === undefined) return;
    this.#ends = undefined;
    this.#to.serving.delete(this);
    if (this.#from.isAlive) what(ends);
  }
}
