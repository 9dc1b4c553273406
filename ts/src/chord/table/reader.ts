// One read: section 8.5 as a client sees it. Asks the owners of all positions, takes the newest record, never one that is older
// than what this run has seen, and mends the groups that were behind. Also reads for nobody, only to mend (8.7).

import { equalBytes } from "../../bytes/index.js";
import { KeyKind, timeDefect, type TableRecord } from "../../identity/index.js";
import type { Code } from "../../gen/registry.js";
import type { Contact } from "../contact.js";
import type { ClientOutput, ReaderOutput } from "./client-types.js";
import { Groups, type Group } from "./groups.js";
import type { GetAnswer, Refusal, TableAnswer, TableContext } from "./table-types.js";
import type { VersionsSeen } from "./versions-seen.js";
import { compareVersions } from "./versions.js";

export interface ReadWish {
  readonly kind: number;
  readonly keyId: Uint8Array;
  /** Whatever is read was asked for by nobody: nothing is remembered as given to the application. */
  readonly isCheck?: boolean;
}

/** So many nodes that agree, each for a group of its own, are enough. */
const enough = 3;

export class Reader {
  readonly #context: TableContext;
  readonly #seen: VersionsSeen;
  readonly #wish: ReadWish;
  readonly #groups: Groups;
  readonly #outputs: ReaderOutput[] = [];
  readonly #records = new Map<Group, TableRecord>();
  /** PUTs that mend and are not answered yet. */
  readonly #repairs = new Set<number>();
  #nextRepair = -1;
  #isTold = false;

  constructor(context: TableContext, seen: VersionsSeen, wish: ReadWish) {
    this.#context = context;
    this.#seen = seen;
    this.#wish = wish;
    this.#groups = new Groups(context, wish.keyId, {
      requestOf: ({ position }) => ({ command: "GET", keyId: wish.keyId, position }),
      take: (group, answer, now) => this.#take(group, answer as GetAnswer, now),
      ended: () => this.#ended(),
      asksOthers: true,
    });
  }

  begin(now: number): void {
    void now;
    // r[get.all]
    this.#groups.begin();
  }

  #take(group: Group, { record }: GetAnswer, now: number): boolean {
    if (record === undefined) return true;
    if (!equalBytes(record.keyId, this.#wish.keyId)) return false;
    if (timeDefect(record, this.#context.shape.maxTtl, now) !== undefined) return false;
    this.#records.set(group, record);
    if (group.owner !== undefined) group.holders = [group.owner.key];
    return true;
  }

  #ended(): void {
    const newest = this.#newest();
    if (!this.#groups.isOpen) {
      this.#tell(newest);
      if (newest !== undefined) this.#repair(newest);
    } else if (newest !== undefined && this.#isEnough(newest)) this.#tell(newest);
  }

  #newest(): TableRecord | undefined {
    let newest: TableRecord | undefined;
    for (const record of this.#records.values()) {
      // r[get.newest] mutate: `compareVersions(record, newest) > 0` => `false`
      if (newest === undefined || compareVersions(record, newest) > 0) newest = record;
    }
    return newest;
  }

  /** Whether the groups that have not answered need not be waited for. */
  #isEnough(newest: TableRecord): boolean {
    if (this.#isBack(newest)) return false;
    // r[get.immutable]
    if (this.#wish.kind === KeyKind.IMMUTABLE) return true;
    const givers = new Set<string | undefined>();
    for (const [{ owner }, { digest }] of this.#records) if (equalBytes(digest, newest.digest)) givers.add(owner?.key);
    // r[get.three] mutate: `givers.size >= enough` => `givers.size > 0`
    return givers.size >= enough;
  }

  #isBack(record: TableRecord): boolean {
    return this.#wish.isCheck !== true && this.#seen.isBack(record.keyId, record);
  }

  /** Says what was read, once. */
  #tell(newest: TableRecord | undefined): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const groups = this.#groups.results;
    const code = this.#defect(newest);
    if (code !== undefined) {
      this.#outputs.push({ type: "failed", code, groups });
      return;
    }
    if (newest !== undefined && this.#wish.isCheck !== true) this.#seen.note(newest.keyId, newest);
    this.#outputs.push({ type: "got", record: newest, groups });
  }

  #defect(newest: TableRecord | undefined): Code | undefined {
    // r[get.back]
    if (newest !== undefined && this.#isBack(newest)) return "STALE";
    const isReached = this.#groups.all.some(({ state }) => state === "answered");
    // r[get.not-found]
    if (newest === undefined && !isReached) return "UNREACHABLE";
    return undefined;
  }

  /** Sends the newest record where an older one lies, or none. */
  #repair(newest: TableRecord): void {
    for (const group of this.#groups.all) {
      const { position, owner, state } = group;
      const record = this.#records.get(group);
      const isNewest = record !== undefined && compareVersions(record, newest) >= 0;
      if (isNewest || owner === undefined || state !== "answered") continue;
      const { copies } = this.#context.shape;
      const request = { command: "PUT" as const, record: newest, position, place: 0, copies };
      this.#repairs.add(this.#nextRepair);
      // r[get.repair]
      this.#outputs.push({ type: "ask", handle: this.#nextRepair, to: owner, request });
      this.#nextRepair--;
    }
  }

  found(handle: number, owners: readonly Contact[], now: number): void {
    this.#groups.found(handle, owners, now);
  }

  /** A lookup has failed. */
  lost(handle: number, now: number): void {
    this.#groups.lost(handle, now);
  }

  answered(handle: number, answer: TableAnswer, now: number): void {
    if (!this.#repairs.delete(handle)) this.#groups.answered(handle, answer, now);
  }

  /** No answer, or none that may be used: a record that is refused is none. */
  failed(handle: number, code: Refusal, now: number): void {
    if (!this.#repairs.delete(handle)) this.#groups.failed(handle, code, now);
  }

  wake(now: number): void {
    this.#groups.wake(now);
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return this.#groups.deadline;
  }

  poll(): ReaderOutput | ClientOutput | undefined {
    return this.#groups.poll() ?? this.#outputs.shift();
  }

  /** Nothing more is waited for. */
  get isDone(): boolean {
    return this.#isTold && !this.#groups.isOpen && this.#repairs.size === 0;
  }
}
