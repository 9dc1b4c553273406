// Penalties of nodes by their ids, over all their sessions: section 4.6. Bounded; what is remembered halves as time passes.
// Nobody who did nothing wrong costs anything here, nor is looked up while nobody did.

import { formatHex } from "../bytes/index.js";
import type { Code } from "../gen/registry.js";
import type { Limits } from "../ports/index.js";

interface Account {
  count: number;
  /** When the count was last 0 or halved, unix ms. */
  since: number;
  bannedUntil: number;
}

export class Penalties {
  readonly #limits: Limits;
  readonly #accounts = new Map<string, Account>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Nodes that are remembered. */
  get size(): number {
    return this.#accounts.size;
  }

  /** Adds points to a node's count; answers the code that ends the session in which they were earned, if it comes to that. */
  add(nodeId: Uint8Array, points: number, badSignature: boolean, now: number): Code | undefined {
    const account = this.#accountOf(formatHex(nodeId), now);
    account.count += points;
    if (account.count >= this.#limits.PENALTY_BAN && account.bannedUntil <= now)
      account.bannedUntil = now + this.#limits.BAN_MS;
    // r[mesh.penalty.end] mutate: always
    if (account.count < this.#limits.PENALTY_END) return undefined;
    // r[mesh.penalty.code] mutate: `badSignature` => `false`
    return badSignature ? "BAD_SIGNATURE" : "MISBEHAVED";
  }

  /** Whether a node is banned. */
  isBanned(nodeId: Uint8Array, now: number): boolean {
    if (this.#accounts.size === 0) return false;
    return (this.#accounts.get(formatHex(nodeId))?.bannedUntil ?? -Infinity) > now;
  }

  #accountOf(key: string, now: number): Account {
    const known = this.#accounts.get(key);
    if (known !== undefined) {
      this.#halve(known, now);
      return known;
    }
    if (this.#accounts.size >= this.#limits.PENALISED) this.#makeRoom(now);
    const account = { count: 0, since: now, bannedUntil: -Infinity };
    this.#accounts.set(key, account);
    return account;
  }

  #halve(account: Account, now: number): void {
    const { PENALTY_HALVE_MS } = this.#limits;
    while (account.count > 0 && now - account.since >= PENALTY_HALVE_MS) {
      // r[mesh.penalty.halve]
      account.count = Math.floor(account.count / 2);
      account.since += PENALTY_HALVE_MS;
    }
    if (account.count === 0) account.since = now;
  }

  /** Forgets whoever has come to 0; if nobody has, the lowest, and a node that is banned last. */
  #makeRoom(now: number): void {
    let lowest: [key: string, account: Account] | undefined;
    for (const [key, account] of this.#accounts) {
      this.#halve(account, now);
      if (account.count === 0 && account.bannedUntil <= now) this.#accounts.delete(key);
      else if (lowest === undefined || isBelow(account, lowest[1], now)) lowest = [key, account];
    }
    // r[mesh.penalty.memory] also
    if (lowest !== undefined && this.#accounts.size >= this.#limits.PENALISED) this.#accounts.delete(lowest[0]);
  }
}

function isBelow(a: Account, b: Account, now: number): boolean {
  const [isABanned, isBBanned] = [a.bannedUntil > now, b.bannedUntil > now];
  return isABanned === isBBanned ? a.count < b.count : isBBanned;
}
