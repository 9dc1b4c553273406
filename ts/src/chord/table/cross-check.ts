// What the groups of a key have compared with each other: r[sync.cross]. Has keys read that this member owns a position of, some
// at a time; the reading itself, which mends, is the layer above's.

import type { Position } from "../position.js";
import type { Held } from "./held-records.js";
import type { KeeperCore } from "./keeper-core.js";

/** Keys that are read at once. */
const mostUnderWay = 4;

export class CrossCheck {
  readonly #core: KeeperCore;
  readonly #wanted = new Set<Held>();
  #underWay = 0;
  #dueAt = Infinity;

  constructor(core: KeeperCore) {
    this.#core = core;
  }

  get deadline(): number {
    return this.#dueAt;
  }

  /** This node has its place: from now on it checks. */
  begin(now: number): void {
    if (this.#dueAt === Infinity) this.#dueAt = now + this.#core.context.limits.CROSS_CHECK_MS;
  }

  stop(): void {
    this.#dueAt = Infinity;
    this.#wanted.clear();
  }

  /** An arc was taken over: what lies there is checked at once. */
  checkArc(from: Position, to: Position, now: number): void {
    // r[sync.cross]
    for (const { what } of this.#core.records.arc(from, to)) this.#wanted.add(what.held);
    this.#pump(now);
  }

  wake(now: number): void {
    if (now < this.#dueAt) return;
    this.#dueAt = now + this.#core.context.limits.CROSS_CHECK_MS;
    for (const held of this.#core.records) {
      if (held.positions.some((_, number) => this.#core.owns(held, number))) this.#wanted.add(held);
    }
    this.#pump(now);
  }

  #pump(now: number): void {
    for (const held of this.#wanted) {
      if (this.#underWay >= mostUnderWay) return;
      this.#wanted.delete(held);
      if (!this.#core.records.has(held) || !this.#core.isLive(held.info, now)) continue;
      this.#underWay++;
      this.#core.check(held.info, (later) => {
        this.#underWay--;
        this.#pump(later);
      });
    }
  }
}
