// The classic rules of Chord, with the face of the real machine: who joins takes the owner of its place as the only successor, a
// predecessor of the head becomes the head unasked, lists are not checked for order. Planted, to show that the schedules find it.
import { between, Lookup, owned } from "../../dist/chord/index.js";

const nobody = [];

export class ClassicRing {
  held = undefined;
  fingers = nobody;
  #context;
  #phase = "JOINING";
  #list = nobody;
  #predecessor;
  #snapshot;
  #outputs = [];
  #open = new Map();
  #handle = 1;
  #contacts = [];
  #lookup;
  #isBusy = false;
  #at = Infinity;

  constructor(context) {
    this.#context = context;
  }

  found(now) {
    this.#become("FOUNDER");
    this.#at = now + this.#context.limits.RING_STABILIZE_MS;
  }

  join(contacts, now) {
    this.#contacts.push(...contacts);
    this.#search(now);
  }

  #become(phase) {
    this.#phase = phase;
    this.#snapshot = undefined;
    this.#outputs.push({ type: "phase", phase });
  }

  #setList(list) {
    this.#list = list;
    this.#snapshot = undefined;
    if (this.#phase === "FOUNDER" && list.length >= this.#context.r) this.#become("MEMBER");
  }

  #search(now) {
    const { self, limits } = this.#context;
    const contact = this.#contacts.shift();
    this.#contacts.push(contact);
    this.#lookup = new Lookup({ self, limits, target: self.position, isForPredecessor: true }, now);
    this.#lookup.beginAt([contact]);
    this.#at = now + limits.RING_JOIN_MAX_MS;
    this.#pump(now);
  }

  #pump(now) {
    const lookup = this.#lookup;
    for (let output = lookup.poll(); output !== undefined; output = lookup.poll()) this.#ask(output, "search");
    if (lookup.result === undefined) return;
    this.#lookup = undefined;
    this.#setList([lookup.result.owner]);
    this.#become("MEMBER");
    this.#at = now;
  }

  #ask({ type, to, target }, why) {
    const handle = this.#handle++;
    this.#open.set(handle, { to, why, type });
    this.#outputs.push({ type, to, target, handle });
  }

  #head() {
    return this.#list[0] ?? this.#context.self;
  }

  get mayLeave() {
    return this.#phase === "MEMBER";
  }

  leave() {
    this.#outputs.push({ type: "left" });
  }

  receiveLeave() {}

  receiveHint(now) {
    this.#at = now;
  }

  takeAsFailed() {}

  receiveNotify(from) {
    if (this.#phase === "JOINING") return;
    const before = this.#predecessor;
    const { position } = this.#context.self;
    if (before !== undefined && !between(before.position, from.position, position)) return;
    this.#predecessor = from;
    this.#snapshot = undefined;
    if (this.#list.length === 0) this.#setList([from]);
  }

  wake(now) {
    const { limits } = this.#context;
    if (this.#phase === "JOINING") return this.#search(now);
    this.#at = now + limits.RING_STABILIZE_MS;
    if (!this.#isBusy && this.#list.length > 0) this.#stabilize();
    if (this.#predecessor !== undefined) this.#ask({ type: "state", to: this.#predecessor }, "predecessor");
    return undefined;
  }

  #stabilize() {
    this.#isBusy = true;
    this.#ask({ type: "state", to: this.#head() }, "head");
  }

  answered(handle, answer, now) {
    const request = this.#open.get(handle);
    if (request === undefined) return;
    const { to, why, type } = request;
    if (type === "state" && answer.self.record !== to.record) return this.failed(handle, now);
    this.#open.delete(handle);
    if (why === "head") this.#receiveHead(answer);
    if (why !== "search" || this.#lookup === undefined) return undefined;
    if (type === "step") this.#lookup.receiveStep(to, answer);
    else this.#lookup.receiveState(to, answer);
    return this.#pump(now);
  }

  #receiveHead({ self, successors, predecessor }) {
    const own = this.#context.self;
    this.#isBusy = false;
    const list = [self, ...successors];
    if (predecessor !== undefined && between(own.position, predecessor.position, self.position))
      list.unshift(predecessor);
    const end = list.findIndex(({ key }) => key === own.key);
    this.#setList((end < 0 ? list : list.slice(0, end)).slice(0, this.#context.r));
    this.#outputs.push({ type: "notify", to: this.#head() });
  }

  failed(handle, now) {
    const request = this.#open.get(handle);
    if (request === undefined) return;
    this.#open.delete(handle);
    const { to, why, type } = request;
    if (why === "predecessor" && this.#predecessor === to) {
      this.#predecessor = undefined;
      this.#snapshot = undefined;
    } else if (why === "head") {
      this.#isBusy = false;
      this.#setList(this.#list.slice(1));
      if (this.#list.length > 0) this.#stabilize();
    } else if (why === "search" && this.#lookup !== undefined) {
      this.#lookup.fail(to, type);
      this.#pump(now);
    }
  }

  get deadline() {
    return this.#at;
  }

  poll() {
    return this.#outputs.shift();
  }

  snapshot() {
    this.#snapshot ??= {
      phase: this.#phase,
      self: this.#context.self,
      predecessor: this.#predecessor,
      successors: this.#list,
      wraps: this.#list.length === 0,
    };
    return this.#snapshot;
  }

  step(target) {
    if (this.#phase === "JOINING") return undefined;
    const { self } = this.#context;
    const head = this.#head();
    if (owned(self.position, target, head.position)) return { owners: [head], next: nobody };
    const next = this.#list.filter(({ position }) => between(self.position, position, target));
    return { owners: nobody, next: next.toReversed() };
  }
}
