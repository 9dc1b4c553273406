// The groups of one key, as a client asks them: looks up each position, asks its owner, and tries on where that fails. What is
// asked and what answers mean is decided by the writer or the reader that holds them.

import type { Code } from "../../gen/registry.js";
import type { Contact } from "../contact.js";
import type { Position } from "../position.js";
import type { ClientOutput, GroupResult } from "./client-types.js";
import type { Refusal, TableAnswer, TableContext, TableRequest } from "./table-types.js";

export interface Group {
  readonly position: number;
  readonly target: Position;
  state: "open" | "answered" | Code;
  /** Who was asked last. */
  owner: Contact | undefined;
  holders: readonly string[];
  /** Further owners, who are asked when this one fails. */
  others: readonly Contact[];
  /** Its owner has answered, but to no purpose. */
  isRefused: boolean;
  /** Lookups so far. */
  tries: number;
  /** When the next lookup begins, unix ms. */
  retryAt: number;
}

/** What a client makes of its groups. */
export interface GroupsUser {
  /** What a group is asked. */
  readonly requestOf: (group: Group) => TableRequest;
  /** Takes an answer; false when it is no use and the group is to be asked further. */
  readonly take: (group: Group, answer: TableAnswer, now: number) => boolean;
  /** Called after a group was taken or has ended without an answer. */
  readonly ended: (group: Group, now: number) => void;
  /** Whether the nodes behind an owner that failed answer for it. */
  readonly asksOthers: boolean;
}

/** Waits before the lookups after the first, ms: neighbours of a node that is gone see that within a few round trips. */
const retryWaitsMs = [0, 50, 100, 150, 200];
/** The same while no group has answered. */
const patientWaitsMs = [...retryWaitsMs, 500, 1_000, 1_500, 1_500];

export class Groups {
  readonly all: readonly Group[];
  readonly #user: GroupsUser;
  readonly #outputs: ClientOutput[] = [];
  readonly #open = new Map<number, Group>();
  #next = 1;

  constructor({ shape, positionOf }: TableContext, keyId: Uint8Array, user: GroupsUser) {
    this.#user = user;
    this.all = Array.from({ length: shape.tables }, (_, position) => ({
      position,
      target: positionOf(keyId, position),
      state: "open" as const,
      owner: undefined,
      holders: [],
      others: [],
      isRefused: false,
      tries: 0,
      retryAt: Infinity,
    }));
  }

  begin(): void {
    for (const group of this.all) this.#lookUp(group);
  }

  get results(): readonly GroupResult[] {
    return this.all.map(({ position, owner, state, holders }) => ({ position, owner: owner?.key, state, holders }));
  }

  get isOpen(): boolean {
    return this.all.some(({ state }) => state === "open");
  }

  /** Asks the owner of a group once more: another thing, or the same in another way. */
  askAgain(group: Group): void {
    group.state = "open";
    if (group.owner === undefined) this.#lookUp(group);
    else this.#ask(group, group.owner);
  }

  #lookUp(group: Group): void {
    group.tries++;
    group.retryAt = Infinity;
    const isTentative = group.tries === 1;
    this.#outputs.push({ type: "lookup", handle: this.#begin(group), target: group.target, isTentative });
  }

  #ask(group: Group, to: Contact): void {
    group.owner = to;
    this.#outputs.push({ type: "ask", handle: this.#begin(group), to, request: this.#user.requestOf(group) });
  }

  #begin(group: Group): number {
    this.#open.set(this.#next, group);
    return this.#next++;
  }

  #take(handle: number): Group | undefined {
    const group = this.#open.get(handle);
    this.#open.delete(handle);
    return group;
  }

  found(handle: number, owners: readonly Contact[], now: number): void {
    const group = this.#take(handle);
    if (group === undefined) return;
    const [owner, ...others] = owners;
    group.others = others;
    if (owner === undefined) this.#retry(group, "UNREACHABLE", now);
    else this.#ask(group, owner);
  }

  lost(handle: number, now: number): void {
    const group = this.#take(handle);
    if (group !== undefined) this.#retry(group, "UNREACHABLE", now);
  }

  answered(handle: number, answer: TableAnswer, now: number): void {
    const group = this.#take(handle);
    if (group === undefined) return;
    if (!this.#user.take(group, answer, now)) {
      group.isRefused = true;
      return this.#askOther(group, "UNREACHABLE", now);
    }
    this.#end(group, "answered", now);
  }

  failed(handle: number, code: Refusal, now: number): void {
    const group = this.#take(handle);
    if (group === undefined) return;
    const isElsewhere = code === "NOT_OWNER" && !group.isRefused;
    // r[table.put.retry]
    if (isElsewhere) return this.#retry(group, "NOT_OWNER", now);
    const isForGood = code !== undefined && code !== "NOT_OWNER" && code !== "BUSY";
    if (isForGood) group.isRefused = true;
    if (code === undefined || this.#user.asksOthers) return this.#askOther(group, code ?? "UNREACHABLE", now);
    this.#end(group, code, now);
  }

  #askOther(group: Group, code: Code, now: number): void {
    const [other, ...others] = group.others;
    // r[get.next] mutate: `!this.#user.asksOthers` => `true`
    if (other === undefined || !this.#user.asksOthers) return this.#retry(group, code, now);
    group.others = others;
    this.#ask(group, other);
  }

  #retry(group: Group, code: Code, now: number): void {
    const isAnswered = this.all.some(({ state }) => state === "answered");
    const waitMs = (isAnswered ? retryWaitsMs : patientWaitsMs)[group.tries - 1];
    // Whoever owns it has answered, if not to the purpose: another lookup would find the same node.
    if (waitMs === undefined || group.isRefused) this.#end(group, code, now);
    else if (waitMs === 0) this.#lookUp(group);
    else group.retryAt = now + waitMs;
  }

  #end(group: Group, state: "answered" | Code, now: number): void {
    group.state = state;
    this.#user.ended(group, now);
  }

  get deadline(): number {
    let due = Infinity;
    for (const { retryAt } of this.all) due = Math.min(due, retryAt);
    return due;
  }

  wake(now: number): void {
    for (const group of this.all) if (group.retryAt <= now) this.#lookUp(group);
  }

  poll(): ClientOutput | undefined {
    return this.#outputs.shift();
  }
}
