// Chains kept at their length: r[keep.forward] and r[keep.leave]. Sends records to the member behind this one, some at a time,
// and again where no answer came.

import type { Forwarder } from "./forwarder.js";
import type { Held } from "./held-records.js";
import type { KeeperCore } from "./keeper-core.js";
import { headOwns } from "./own-arc.js";
import type { Put } from "./table-types.js";

/** PUTs under way at once. */
const mostUnderWay = 16;

interface Task {
  readonly held: Held;
  readonly number: number;
}

export class Handover {
  readonly #core: KeeperCore;
  readonly #forwarder: Forwarder;
  /** What is to be sent, by key id and number of the position. */
  readonly #tasks = new Map<string, Task>();
  /** Looked at later: had no answer, or may come of itself meanwhile. */
  readonly #owed = new Map<string, Task>();
  #underWay = 0;
  #againAt = Infinity;
  /** This node leaves: what it owns goes at place 0. */
  #isLeaving = false;
  #handed: (() => void) | undefined;
  #giveUpAt = Infinity;

  constructor(core: KeeperCore, forwarder: Forwarder) {
    this.#core = core;
    this.#forwarder = forwarder;
  }

  /** The head, or what this node owns, has changed: all chains are looked at. */
  lookAtAll(now: number): void {
    for (const held of this.#core.records) {
      for (let number = 0; number < held.positions.length; number++) this.#want({ held, number });
    }
    this.pump(now);
  }

  /** One chain is to be looked at. */
  want(held: Held, number: number): void {
    this.#want({ held, number });
  }

  /** One chain could not be sent on. */
  owe(held: Held, number: number, now: number): void {
    this.#owed.set(nameOf({ held, number }), { held, number });
    this.#again(now);
  }

  /** A record has come for one position: that the chains of the others have it as well is seen to later. */
  renewed(held: Held, now: number): void {
    if (this.#isLeaving) return;
    for (let number = 0; number < held.positions.length; number++) {
      // r[keep.others]
      if (this.#isNeeded({ held, number })) this.owe(held, number, now);
    }
  }

  #again(now: number): void {
    // r[keep.again]
    if (this.#againAt === Infinity) this.#againAt = now + this.#core.context.limits.RING_STABILIZE_MS;
  }

  #want(task: Task): void {
    if (this.#isNeeded(task)) this.#tasks.set(nameOf(task), task);
  }

  #isNeeded({ held, number }: Task): boolean {
    const { snapshot, records } = this.#core;
    const position = held.positions[number];
    if (snapshot === undefined || position === undefined || !records.has(held)) return false;
    if (this.#isLeaving) return this.#core.owns(held, number) && !this.#forwarder.isSent(held, number, 0);
    const place = this.#core.placeOf(held, number);
    if (place === undefined || place.place + 1 >= place.copies || headOwns(snapshot, position)) return false;
    return !this.#forwarder.isSent(held, number, place.place + 1);
  }

  /** Sends as much as may be under way. */
  pump(now: number): void {
    for (const [name, task] of this.#tasks) {
      if (this.#underWay >= mostUnderWay) return;
      this.#tasks.delete(name);
      if (this.#isNeeded(task) && this.#core.isLive(task.held.info, now)) this.#send(task);
    }
    if (this.#underWay === 0 && this.#tasks.size === 0) this.#end();
  }

  #send(task: Task): void {
    const { held, number } = task;
    this.#underWay++;
    this.#core.read([held.keyId], ([record], now) => {
      const place = this.#core.placeOf(held, number);
      if (record === undefined || place === undefined) return this.#ended(now);
      const next = this.#isLeaving ? 0 : place.place + 1;
      const put: Put = { command: "PUT", record, position: number, place: next, copies: place.copies };
      // r[keep.forward]
      this.#forwarder.send(put, now, (answer, later) => {
        // Who leaves goes in any case: others hold the record too.
        // r[keep.leave.go] mutate: `!this.#isLeaving` => `true`
        if (answer === undefined && !this.#isLeaving) this.owe(held, number, later);
        if (answer !== undefined) this.#giveUpAt = later + this.#core.context.limits.RING_LEAVE_MS;
        if (answer?.newer !== undefined) this.#core.hold(answer.newer, [place], undefined, later, () => undefined);
        this.#ended(later);
      });
    });
  }

  #ended(now: number): void {
    this.#underWay--;
    this.pump(now);
  }

  /** Hands over what this node owns. @param handed called once, when that is done or cannot be. */
  leave(now: number, handed: () => void): void {
    this.#isLeaving = true;
    this.#handed = handed;
    this.#tasks.clear();
    this.#owed.clear();
    this.#giveUpAt = now + this.#core.context.limits.RING_LEAVE_MS;
    const isAlone = this.#core.snapshot?.successors[0] === undefined;
    // r[keep.leave]
    if (!isAlone) this.lookAtAll(now);
    this.pump(now);
  }

  #end(): void {
    // What had no answer is sent again before this node goes.
    if (this.#owed.size > 0) return;
    const handed = this.#handed;
    this.#handed = undefined;
    handed?.();
  }

  get deadline(): number {
    return Math.min(this.#againAt, this.#handed === undefined ? Infinity : this.#giveUpAt);
  }

  wake(now: number): void {
    if (this.#handed !== undefined && now >= this.#giveUpAt) {
      this.#owed.clear();
      this.#tasks.clear();
      this.#end();
    }
    if (now < this.#againAt) return;
    this.#againAt = Infinity;
    for (const task of this.#owed.values()) {
      this.#want(task);
    }
    this.#owed.clear();
    this.pump(now);
  }
}

function nameOf({ held, number }: Task): string {
  return `${held.id}:${number}`;
}
