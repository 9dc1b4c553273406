// What the groups of a key have compared with each other: r[sync.cross]. Has keys read that this member owns a position of, some
// at a time; the reading itself, which mends, is the layer above's.

import { Limit } from "../../gen/registry.js";
import { includes, type Contact } from "../contact.js";
import { between } from "../intervals.js";
import type { Position } from "../position.js";
import { isPlaced, type Snapshot } from "../ring-types.js";
import type { Held } from "./held-records.js";
import type { KeeperCore } from "./keeper-core.js";
import { holdersOf, isSmall } from "./spread.js";

/** A key is read in any case, or only where it lies on too few nodes; or this member offers what it holds in the stead of others. */
type Depth = "read" | "count" | "offer";

/** Keys that are read at once. */
const mostUnderWay = 8;
/** A list into which at least so many members came, and this part of it, before the ring was at rest again, is of two rings. */
const leastMerged = 2;
const mergedPart = 1 / 4;

export class CrossCheck {
  readonly #core: KeeperCore;
  readonly #wanted = new Map<Held, Depth>();
  #underWay = 0;
  #dueAt = Infinity;
  #countAt = Infinity;
  /** What was seen last, and how many have come onto its list since all was counted. */
  #seen: Snapshot | undefined;
  #newcomers = 0;
  /** When the last of them came, unix ms. */
  #cameAt = 0;

  constructor(core: KeeperCore) {
    this.#core = core;
  }

  get deadline(): number {
    return Math.min(this.#dueAt, this.#countAt);
  }

  /** This node has its place: from now on it checks. */
  begin(now: number): void {
    // r[sync.cross]
    if (this.#dueAt === Infinity) this.#dueAt = now + this.#core.context.limits.CROSS_CHECK_MS;
  }

  stop(): void {
    this.#seen = undefined;
    this.#dueAt = Infinity;
    this.#countAt = Infinity;
    this.#wanted.clear();
  }

  /** An arc was taken over: what lies there is checked at once. */
  checkArc(from: Position, to: Position, now: number): void {
    for (const { what } of this.#core.records.arc(from, to)) this.#wanted.set(what.held, "read");
    this.#pump(now);
  }

  /** What the ring looks like now. Where the list is the whole ring, any change of it moves chains. */
  see(snapshot: Snapshot, now: number): void {
    const before = this.#seen;
    this.#seen = isPlaced(snapshot) ? snapshot : undefined;
    if (membersOf(before) !== membersOf(this.#seen)) this.ringChanged(now);
    const newcomers = before === undefined ? 0 : newcomersOf(before, snapshot);
    if (newcomers === 0) return;
    if (now > this.#cameAt + this.#restMs) this.#newcomers = 0;
    this.#cameAt = now;
    this.#newcomers += newcomers;
    if (this.#isMerged) this.ringChanged(now);
  }

  /** So long after its last change the ring is taken to be at rest. */
  get #restMs(): number {
    return 2 * this.#core.context.limits.RING_STABILIZE_MS;
  }

  /** So many newcomers are those of another ring. */
  get #isMerged(): boolean {
    const length = this.#seen?.successors.length ?? 0;
    return this.#newcomers >= Math.max(leastMerged, length * mergedPart);
  }

  /** Chains may have changed: when the ring has come to rest, whether they lie on enough nodes is to be seen. */
  ringChanged(now: number): void {
    this.#countAt = now + this.#restMs;
  }

  #count(): void {
    const { snapshot, records, context } = this.#core;
    if (snapshot === undefined) return;
    // What was written on both sides while they were apart is different in groups that no SYNC compares.
    // r[sync.merged]
    if (this.#isMerged) this.#wantAll();
    this.#newcomers = 0;
    if (!isSmall(snapshot)) return;
    const { copies } = context.shape;
    const most = Math.min(Limit.PUT_NODES, snapshot.successors.length + 1);
    for (const held of records) {
      const holders = holdersOf(snapshot, held.positions, copies);
      // Where two rings have become one, the members that are to hold it may know nothing of it.
      const isAstray = holders !== undefined && !holders.has(snapshot.self.key);
      if (isAstray) this.#wanted.set(held, "offer");
      // Where all see all, one is enough.
      if (isAstray || (snapshot.wraps && !this.#core.owns(held, 0))) continue;
      const isSpread = holders !== undefined && holders.size >= most;
      if (!isSpread && !this.#wanted.has(held)) this.#wanted.set(held, "count");
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
    this.#wantAll();
    this.#pump(now);
  }

  #wantAll(): void {
    for (const held of this.#core.records) {
      const isOwned = held.positions.some((_, number) => this.#core.owns(held, number));
      this.#wanted.set(held, isOwned ? "read" : "offer");
    }
  }

  #pump(now: number): void {
    for (const [held, depth] of this.#wanted) {
      if (this.#underWay >= mostUnderWay) return;
      this.#wanted.delete(held);
      if (!this.#core.records.has(held) || !this.#core.isLive(held.info, now)) continue;
      this.#underWay++;
      this.#check(held, depth);
    }
  }

  #check(held: Held, depth: Depth): void {
    const { info, keyId } = held;
    const done = (now: number): void => {
      this.#underWay--;
      this.#pump(now);
    };
    if (depth !== "offer") return this.#core.check(info, { isDeep: depth === "read", record: undefined }, done);
    this.#core.read([keyId], ([record]) => this.#core.check(info, { isDeep: true, record }, done));
  }
}

/** All other members; none where a list does not tell. */
function membersOf(seen: Snapshot | undefined): string {
  return seen?.wraps === true ? seen.successors.map(({ key }) => key).join(" ") : "";
}

/** Members that have come in among those of a list: not those that follow its end, which moves up when some fail. */
function newcomersOf(before: Snapshot, { self, successors }: Snapshot): number {
  const last = before.wraps ? self : before.successors.at(-1);
  if (last === undefined) return 0;
  const isNew = (contact: Contact): boolean =>
    between(self.position, contact.position, last.position) && !includes(before.successors, contact);
  return successors.filter(isNew).length;
}
