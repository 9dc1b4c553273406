// Who is told of changes: section 8.8. Leases of peers on keys whose positions this member owns.

import { formatHex } from "../../bytes/index.js";
import type { TableRecord } from "../../identity/index.js";
import type { Held } from "./held-records.js";
import type { KeeperCore } from "./keeper-core.js";
import { owns } from "./own-arc.js";
import type { Asker, Watch } from "./table-types.js";

export class Watches {
  readonly #core: KeeperCore;
  /** By key id in hex, by peer: when the lease ends, unix ms. */
  readonly #leases = new Map<string, Map<string, number>>();
  /** By peer: the key ids that it watches. */
  readonly #watched = new Map<string, Set<string>>();

  constructor(core: KeeperCore) {
    this.#core = core;
  }

  receive(request: number, from: Asker, { keyId, position, leaseMs }: Watch, now: number): void {
    const { context, snapshot } = this.#core;
    const { limits, shape } = context;
    // r[watch.position]
    if (position >= shape.tables) return this.#core.refuse(request, "MISUSE", "there are fewer positions");
    const key = formatHex(keyId);
    // r[watch.answer] mutate: `Math.min(leaseMs, limits.WATCH_MS)` => `leaseMs`
    const lease = Math.min(leaseMs, limits.WATCH_MS);
    if (lease > 0) {
      const isOwner = snapshot !== undefined && owns(snapshot, context.positionOf(keyId, position));
      // r[watch.owner]
      if (!isOwner) return this.#core.refuse(request, "NOT_OWNER", "the position belongs to another node");
      this.#forgetEnded(from.key, now);
      // r[watch.full]
      if (this.#isFull(from.key, key)) return this.#core.refuse(request, "BUSY", "too many keys are watched");
      this.#set(from.key, key, now + lease);
    } else this.#end(from.key, key);
    this.#core.answer(request, { command: "WATCH", leaseMs: lease });
  }

  #isFull(peer: string, key: string): boolean {
    const watched = this.#watched.get(peer);
    return watched !== undefined && !watched.has(key) && watched.size >= this.#core.context.limits.WATCHES;
  }

  #set(peer: string, key: string, until: number): void {
    const leases = this.#leases.get(key) ?? new Map<string, number>();
    const watched = this.#watched.get(peer) ?? new Set<string>();
    this.#leases.set(key, leases.set(peer, until));
    this.#watched.set(peer, watched.add(key));
  }

  #end(peer: string, key: string): void {
    const leases = this.#leases.get(key);
    leases?.delete(peer);
    if (leases?.size === 0) this.#leases.delete(key);
    const watched = this.#watched.get(peer);
    watched?.delete(key);
    if (watched?.size === 0) this.#watched.delete(peer);
  }

  #forgetEnded(peer: string, now: number): void {
    for (const key of Array.from(this.#watched.get(peer) ?? [])) {
      if ((this.#leases.get(key)?.get(peer) ?? 0) <= now) this.#end(peer, key);
    }
  }

  /** A node is no peer any more. */
  forget(peer: string): void {
    for (const key of Array.from(this.#watched.get(peer) ?? [])) this.#end(peer, key);
  }

  /** What is held under a key has become newer. */
  tell(held: Held, record: TableRecord, now: number): void {
    const leases = this.#leases.get(held.id);
    if (leases === undefined || !held.positions.some((_, number) => this.#core.owns(held, number))) return;
    for (const [peer, until] of Array.from(leases)) {
      if (until <= now) this.#end(peer, held.id);
      // r[watch.lease]
      else this.#core.outputs.push({ type: "changed", to: peer, record });
    }
  }
}
