// Keys that the application watches: section 8.8. Holds a lease at the owner of each position, renews it in time at owners
// looked up anew, and tells of each record that is newer than the one before.

import { formatHex } from "../../bytes/index.js";
import {
  compareVersions,
  type Contact,
  type Position,
  type TableRequest,
  type Version,
  type VersionsSeen,
} from "../../chord/index.js";
import { timeDefect, type TableRecord } from "../../identity/index.js";
import type { Limits } from "../../ports/index.js";
import type { OwnersOf } from "./clients.js";
import type { TableReplied } from "./member.js";
import type { Records } from "./records.js";

export interface WatchesContext {
  readonly limits: Pick<Limits, "WATCH_MS" | "RING_STABILIZE_MS">;
  readonly tables: number;
  /** Longest time to live, seconds. */
  readonly maxTtl: number;
  readonly records: Records;
  readonly seen: VersionsSeen;
  readonly positionOf: (keyId: Uint8Array, number: number) => Position;
  readonly ownersOf: OwnersOf;
  readonly ask: (to: Contact, request: TableRequest, done: TableReplied) => void;
  readonly emit: (record: TableRecord) => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** However short a lease was given, it is not renewed more often. */
const leastRenewalMs = 1000;

interface Lease {
  readonly position: number;
  owner: Contact | undefined;
  /** When to renew it, unix ms; Infinity while that is under way. */
  dueAt: number;
}

interface Watch {
  readonly keyId: Uint8Array;
  readonly leases: readonly Lease[];
  /** How many want to hear of it. */
  watchers: number;
  newest: Version | undefined;
}

export class Watches {
  readonly #context: WatchesContext;
  readonly #watches = new Map<string, Watch>();

  constructor(context: WatchesContext) {
    this.#context = context;
  }

  /** Watches a key until the answer is called. */
  add(keyId: Uint8Array): () => void {
    const key = formatHex(keyId);
    const watch = this.#watches.get(key) ?? this.#begin(key, keyId);
    watch.watchers++;
    let isWatching = true;
    return () => {
      if (!isWatching) return;
      isWatching = false;
      if (--watch.watchers === 0) this.#end(key, watch);
    };
  }

  #begin(key: string, keyId: Uint8Array): Watch {
    const leases = Array.from({ length: this.#context.tables }, (_, position) => ({
      position,
      owner: undefined,
      dueAt: Infinity,
    }));
    const watch: Watch = { keyId, leases, watchers: 0, newest: undefined };
    this.#watches.set(key, watch);
    for (const lease of leases) this.#renew(watch, lease);
    return watch;
  }

  #renew(watch: Watch, lease: Lease): void {
    const { limits, positionOf, ownersOf, now } = this.#context;
    lease.dueAt = Infinity;
    const again = (): void => void (lease.dueAt = now() + limits.RING_STABILIZE_MS);
    ownersOf(positionOf(watch.keyId, lease.position), false, ([owner]) => {
      if (!this.#isWatched(watch)) return;
      lease.owner = owner;
      if (owner === undefined) return again();
      this.#ask(watch, lease, limits.WATCH_MS, (answer) => {
        if (typeof answer !== "object" || answer.command !== "WATCH") return again();
        // r[watch.renew]
        lease.dueAt = now() + Math.max(leastRenewalMs, answer.leaseMs / 2);
      });
    });
  }

  #ask({ keyId }: Watch, { owner, position }: Lease, leaseMs: number, done: TableReplied): void {
    if (owner !== undefined) this.#context.ask(owner, { command: "WATCH", keyId, position, leaseMs }, done);
  }

  #isWatched({ keyId }: Watch): boolean {
    return this.#watches.has(formatHex(keyId));
  }

  #end(key: string, watch: Watch): void {
    this.#watches.delete(key);
    for (const lease of watch.leases) this.#ask(watch, lease, 0, () => undefined);
  }

  /** CHANGED has come, from whomever: the record proves itself. */
  receive(bytes: Uint8Array): void {
    const decoded = this.#context.records.decode(bytes);
    if (typeof decoded === "string" || !this.#isNews(decoded)) return;
    this.#context.records.read(bytes, (record) => {
      if (typeof record !== "string") this.take(record);
    });
  }

  #isNews({ keyId, ...version }: TableRecord): boolean {
    const watch = this.#watches.get(formatHex(keyId));
    if (watch === undefined || this.#context.seen.isBack(keyId, version)) return false;
    return watch.newest === undefined || compareVersions(version, watch.newest) > 0;
  }

  /** A record that was found good. */
  take(record: TableRecord): void {
    const { maxTtl, now, seen, emit } = this.#context;
    const watch = this.#watches.get(formatHex(record.keyId));
    if (watch === undefined || !this.#isNews(record) || timeDefect(record, maxTtl, now()) !== undefined) return;
    watch.newest = record;
    seen.note(record.keyId, record);
    // r[watch.report]
    emit(record);
  }

  /** Whether a node holds a lease for this one. @param key node id in hex */
  isLeasedBy(key: string): boolean {
    for (const { leases } of this.#watches.values()) if (leases.some(({ owner }) => owner?.key === key)) return true;
    return false;
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    let due = Infinity;
    for (const { leases } of this.#watches.values()) for (const { dueAt } of leases) due = Math.min(due, dueAt);
    return due;
  }

  wake(now: number): void {
    for (const watch of this.#watches.values()) {
      for (const lease of watch.leases) if (lease.dueAt <= now) this.#renew(watch, lease);
    }
  }

  stop(): void {
    this.#watches.clear();
  }
}
