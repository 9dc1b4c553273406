// What the groups of a key have compared with each other: r[sync.cross]. Has keys read that this member owns a position of, some
// at a time; the reading itself, which mends, is the layer above's.

import { Limit } from "../../gen/registry.js";
import type { Position } from "../position.js";
import type { Held } from "./held-records.js";
import type { KeeperCore } from "./keeper-core.js";
import { isSmall, nodesOf } from "./spread.js";

/** Keys that are read at once. */
const mostUnderWay = 8;

export class CrossCheck {
  readonly #core: KeeperCore;
  /** With each key whether it is read, or only its nodes are counted. */
  readonly #wanted = new Map<Held, boolean>();
  #underWay = 0;
  #dueAt = Infinity;
  #countAt = Infinity;

  constructor(core: KeeperCore) {
    this.#core = core;
  }

  get deadline(): number {
    return Math.min(this.#dueAt, this.#countAt);
  }

  /** This node has its place: from now on it checks. */
  begin(now: number): void {
    if (this.#dueAt === Infinity) this.#dueAt = now + this.#core.context.limits.CROSS_CHECK_MS;
  }

  stop(): void {
    this.#dueAt = Infinity;
    this.#countAt = Infinity;
    this.#wanted.clear();
  }

  /** An arc was taken over: what lies there is checked at once. */
  checkArc(from: Position, to: Position, now: number): void {
    // r[sync.cross]
    for (const { what } of this.#core.records.arc(from, to)) this.#wanted.set(what.held, true);
    this.#pump(now);
  }

  /** Chains may have changed: when the ring has come to rest, whether they lie on enough nodes is to be seen. */
  ringChanged(now: number): void {
    this.#countAt = now + 2 * this.#core.context.limits.RING_STABILIZE_MS;
  }

  #count(): void {
    const { snapshot, records, context } = this.#core;
    if (snapshot === undefined || !isSmall(snapshot)) return;
    const { copies } = context.shape;
    const most = Math.min(Limit.PUT_NODES, snapshot.successors.length + 1);
    for (const held of records) {
      // Where all see all, one is enough.
      if (snapshot.wraps && !this.#core.owns(held, 0)) continue;
      const nodes = nodesOf(snapshot, held.positions, copies);
      const isSpread = nodes !== undefined && nodes >= most;
      if (!isSpread && !this.#wanted.has(held)) this.#wanted.set(held, false);
    }
  }

  wake(now: number): void {
    if (now >= this.#countAt) {
      this.#countAt = Infinity;
      this.#count();
      this.#pump(now);
    }
    if (now < this.#dueAt) return;
    this.#dueAt = now + this.#core.context.limits.CROSS_CHECK_MS;
    for (const held of this.#core.records) {
      if (held.positions.some((_, number) => this.#core.owns(held, number))) this.#wanted.set(held, true);
    }
    this.#pump(now);
  }

  #pump(now: number): void {
    for (const [held, isDeep] of this.#wanted) {
      if (this.#underWay >= mostUnderWay) return;
      this.#wanted.delete(held);
      if (!this.#core.records.has(held) || !this.#core.isLive(held.info, now)) continue;
      this.#underWay++;
      this.#core.check(held.info, isDeep, (later) => {
        this.#underWay--;
        this.#pump(later);
      });
    }
  }
}
