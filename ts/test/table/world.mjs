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
   * Sends a request to a member. @param to its contact; serve: called there with the request, which `answer`s or `fail`s; done and
   * failed: called once at the asker, while it lives
   */
  ask({ from, to, isPut = false, serve, done, failed }) {
    const member = to.record;
    const waitMs = isPut ? putSilentMs : silentMs;
    const sentAt = this.now;
    let isOpen = true;
    const end = (what) => {
      if (!isOpen) return;
      isOpen = false;
      member.serving.delete(request);
      if (from.isAlive) what();
    };
    const back = (what) => {
      if (this.isCut(from, member)) return;
      this.after(this.delay(), () => !this.isCut(from, member) && end(what));
    };
    const request = {
      from,
      answer: (answer) => back(() => done(answer)),
      refuse: (code) => back(() => failed(code)),
      fail: () => end(() => failed(undefined)),
    };
    this.at(sentAt + waitMs, () => {
      if (isPut && isOpen && member.isAlive && !this.isLoose) this.violate("a PUT is not answered in time");
      end(() => failed(undefined));
    });
    if (this.isCut(from, member)) return;
    this.after(this.delay(), () => {
      if (this.isCut(from, member) || !isOpen) return;
      if (member.isAlive) {
        member.serving.add(request);
        serve(member, request);
      } else if (!member.isGoneSilently) back(() => failed(undefined));
    });
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

  /** Parts the hosts and clients; an empty list heals. */
  part(nodes, parts) {
    this.isLoose ||= parts > 1;
    for (const node of nodes) node.side = this.random.below(parts);
    this.tell(`sides ${nodes.map(({ side }) => side).join("")}`);
  }
}
