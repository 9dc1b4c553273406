// One write: section 8.4 as a client sees it. Sends a record to the owners of its positions and says when enough nodes hold it,
// and whether it lost to a newer one. The record is made and signed elsewhere.

import { equalBytes } from "../../bytes/index.js";
import { Limit, type Code } from "../../gen/registry.js";
import type { TableRecord } from "../../identity/index.js";
import type { Contact } from "../contact.js";
import type { WriteResult, WriterOutput } from "./client-types.js";
import { Groups, type Group } from "./groups.js";
import type { Put, PutAnswer, Refusal, TableAnswer, TableContext } from "./table-types.js";
import type { VersionsSeen } from "./versions-seen.js";
import { compareVersions } from "./versions.js";

export interface WriteWish {
  readonly record: TableRecord;
  /** Enough when PUT_GROUPS groups hold it. */
  readonly isFast?: boolean;
}

/** How long the other groups are waited for when there are enough: one of them may know of a newer record. */
const settleMs = 250;

export class Writer {
  readonly #context: TableContext;
  readonly #seen: VersionsSeen;
  readonly #wish: WriteWish;
  readonly #groups: Groups;
  readonly #outputs: WriterOutput[] = [];
  readonly #holders = new Set<string>();
  /** How many copies each group is asked for. */
  readonly #copies = new Map<Group, number>();
  #isWhole = false;
  #lastAnswered: Group | undefined;
  #newer: TableRecord | undefined;
  #isTold = false;
  #settledAt = Infinity;

  constructor(context: TableContext, seen: VersionsSeen, wish: WriteWish) {
    this.#context = context;
    this.#seen = seen;
    this.#wish = wish;
    this.#groups = new Groups(context, wish.record.keyId, {
      requestOf: (group) => this.#put(group),
      take: (group, answer) => this.#take(group, answer as PutAnswer),
      ended: (_group, now) => this.#ended(now),
      asksOthers: false,
    });
  }

  begin(now: number): void {
    void now;
    this.#groups.begin();
  }

  #put(group: Group): Put {
    const { position } = group;
    return { command: "PUT", record: this.#wish.record, position, place: 0, copies: this.#copiesOf(group) };
  }

  #copiesOf(group: Group): number {
    return this.#copies.get(group) ?? this.#context.shape.copies;
  }

  #take(group: Group, { holders, whole, newer }: PutAnswer): boolean {
    group.holders = holders.slice(0, this.#copiesOf(group));
    if (group.holders.length > 0) this.#lastAnswered = group;
    for (const holder of group.holders) this.#holders.add(holder);
    this.#isWhole ||= whole;
    if (newer !== undefined) this.#takeNewer(newer);
    return true;
  }

  #takeNewer(newer: TableRecord): void {
    const { record } = this.#wish;
    if (!equalBytes(newer.keyId, record.keyId) || compareVersions(newer, record) <= 0) return;
    if (this.#newer !== undefined && compareVersions(newer, this.#newer) <= 0) return;
    this.#seen.noteSequence(record.keyId, newer.sequence);
    // r[table.put.newer]
    this.#newer = newer;
    if (this.#isTold) this.#outputs.push({ type: "newer", record: newer });
  }

  #ended(now: number): void {
    const isOpen = this.#groups.isOpen;
    if (this.#isEnough) {
      if (!isOpen) this.#tellStored();
      else this.#settledAt = Math.min(this.#settledAt, now + settleMs);
    } else if (!isOpen && !this.#extend()) this.#tellFailed();
  }

  /** Groups that hold it. */
  get #held(): Group[] {
    return this.#groups.all.filter(({ holders }) => holders.length > 0);
  }

  /** Where there are fewer groups than that, all of them. */
  get #leastGroups(): number {
    return Math.min(Limit.PUT_GROUPS, this.#context.shape.tables);
  }

  get #isEnough(): boolean {
    const groups = this.#leastGroups;
    const hasNodes = this.#wish.isFast === true || this.#holders.size >= Limit.PUT_NODES || this.#isWhole;
    // r[table.put.acknowledged] mutate: `>= groups && hasNodes` => `> 0`
    return this.#held.length >= groups && hasNodes;
  }

  /** Asks for a longer chain; false when that is no use. */
  #extend(): boolean {
    const last = this.#lastAnswered;
    const missing = Limit.PUT_NODES - this.#holders.size;
    const isHopeless = this.#held.length < this.#leastGroups || this.#isWhole || missing <= 0;
    if (last === undefined || isHopeless) return false;
    const before = this.#copiesOf(last);
    const copies = Math.min(before + missing, this.#context.shape.successors + 1);
    if (copies <= before) return false;
    this.#copies.set(last, copies);
    // r[table.put.extend]
    this.#groups.askAgain(last);
    return true;
  }

  #result(): WriteResult {
    return {
      groups: this.#groups.results,
      holders: Array.from(this.#holders),
      whole: this.#isWhole,
      newer: this.#newer,
    };
  }

  #tellStored(): void {
    this.#settledAt = Infinity;
    if (this.#isTold) return;
    this.#isTold = true;
    const { record } = this.#wish;
    this.#seen.note(record.keyId, this.#newer ?? record);
    this.#outputs.push({ type: "stored", result: this.#result() });
  }

  #tellFailed(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#outputs.push({ type: "failed", code: this.#code(), result: this.#result() });
  }

  /** Why it is not stored: what a group said, rather than that it was not reached. */
  #code(): Code {
    const codes = this.#groups.all.map(({ state }) => state).filter((state) => state !== "open");
    const refusal = codes.find((code) => !["answered", "UNREACHABLE", "NOT_OWNER"].includes(code));
    return refusal === undefined || refusal === "answered" ? "UNREACHABLE" : refusal;
  }

  found(handle: number, owners: readonly Contact[], now: number): void {
    this.#groups.found(handle, owners, now);
  }

  /** A lookup has failed. */
  lost(handle: number, now: number): void {
    this.#groups.lost(handle, now);
  }

  answered(handle: number, answer: TableAnswer, now: number): void {
    this.#groups.answered(handle, answer, now);
  }

  /** No answer. */
  failed(handle: number, code: Refusal, now: number): void {
    this.#groups.failed(handle, code, now);
  }

  wake(now: number): void {
    this.#groups.wake(now);
    if (now >= this.#settledAt) this.#tellStored();
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return Math.min(this.#groups.deadline, this.#settledAt);
  }

  poll(): WriterOutput | undefined {
    return this.#groups.poll() ?? this.#outputs.shift();
  }

  /** Nothing more is waited for. */
  get isDone(): boolean {
    return this.#isTold && !this.#groups.isOpen;
  }
}
