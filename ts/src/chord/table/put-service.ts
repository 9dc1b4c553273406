// PUT as a member answers it: section 8.4. Decides whether it takes the record, has it stored and sent on, and answers when both
// are done or the time is over.

import { timeDefect, type TableRecord } from "../../identity/index.js";
import type { Code } from "../../gen/registry.js";
import type { Forwarder } from "./forwarder.js";
import type { KeeperCore } from "./keeper-core.js";
import { headOwns, owns } from "./own-arc.js";
import type { Room } from "./room.js";
import type { Asker, Put, PutAnswer } from "./table-types.js";

/** A PUT that is not answered yet. */
interface OpenPut {
  readonly request: number;
  readonly holders: Set<string>;
  whole: boolean;
  newer: TableRecord | undefined;
  /** What is still waited for. */
  waits: number;
  readonly dueAt: number;
}

export class PutService {
  readonly #core: KeeperCore;
  readonly #forwarder: Forwarder;
  readonly #room: Room;
  /** A record could not be sent on. */
  readonly #owed: (keyId: Uint8Array, position: number, now: number) => void;
  readonly #open = new Map<number, OpenPut>();

  constructor(
    core: KeeperCore,
    forwarder: Forwarder,
    room: Room,
    owed: (keyId: Uint8Array, position: number, now: number) => void,
  ) {
    this.#core = core;
    this.#forwarder = forwarder;
    this.#room = room;
    this.#owed = owed;
  }

  receive(request: number, from: Asker, put: Put, now: number): void {
    // r[put.order] mutate: `this.#recordDefect(put, now) ?? this.#defect(from, put)` => `this.#defect(from, put) ?? this.#recordDefect(put, now)`
    const defect = this.#recordDefect(put, now) ?? this.#defect(from, put);
    if (defect !== undefined) return this.#core.refuse(request, defect, "the record is not taken");
    const isNeighbour = from.key === this.#core.snapshot?.predecessor?.key;
    const prefix = isNeighbour ? undefined : from.prefix;
    if (!this.#room.has(put.record, prefix, !isNeighbour)) {
      // r[keep.acknowledged] mutate: `return this.#core.refuse(request, "STORE_FULL", "no room for the record");` => `for (const held of this.#core.records) { this.#core.drop(held); break; }`
      return this.#core.refuse(request, "STORE_FULL", "no room for the record");
    }
    this.#begin(request, put, prefix, now);
  }

  /** r[put.check], as far as the record's time goes; the rest was looked at when it was decoded. */
  #recordDefect({ record }: Put, now: number): Code | undefined {
    // r[put.check] mutate: `timeDefect(record, this.#core.context.shape.maxTtl, now)` => `undefined`
    return timeDefect(record, this.#core.context.shape.maxTtl, now);
  }

  #defect(from: Asker, { record, position, place, copies }: Put): Code | undefined {
    const { snapshot, context } = this.#core;
    const { tables, copies: least, successors } = context.shape;
    // r[put.position]
    if (position >= tables) return "MISUSE";
    if (snapshot === undefined) return "NOT_OWNER";
    const isFromPredecessor = from.key === snapshot.predecessor?.key;
    const isOwner = owns(snapshot, context.positionOf(record.keyId, position));
    // r[put.owner]
    if (place === 0 && !isOwner && !isFromPredecessor) return "NOT_OWNER";
    // r[put.copy]
    if (place > 0 && !isFromPredecessor) return "NOT_OWNER";
    // r[put.copies]
    if (copies < least || copies > successors + 1 || place >= copies) return "MISUSE";
    return undefined;
  }

  #begin(request: number, put: Put, prefix: string | undefined, now: number): void {
    const { context } = this.#core;
    const { record, position, place, copies } = put;
    // Those farther back in the chain have less time, so that their answers are in time for those before them.
    const waitMs = (context.limits.PUT_MS * (copies - place)) / copies;
    // r[put.time] mutate: `now + waitMs` => `Infinity`
    const dueAt = now + waitMs;
    const open: OpenPut = { request, holders: new Set(), whole: false, newer: undefined, waits: 1, dueAt };
    this.#open.set(request, open);
    this.#store(open, put, prefix, now);
    const { snapshot } = this.#core;
    const target = context.positionOf(record.keyId, position);
    if (snapshot === undefined || headOwns(snapshot, target)) {
      // r[put.whole] mutate: `true` => `false`
      open.whole = true;
    } else if (place + 1 < copies) this.#forward(open, put, now);
    this.#release(open);
  }

  #store(open: OpenPut, { record, position, place, copies }: Put, prefix: string | undefined, now: number): void {
    open.waits++;
    this.#core.hold(record, [{ position, place, copies }], prefix, now, (failure, later) => {
      if (failure !== undefined) {
        // r[put.full] also
        if (this.#open.delete(open.request)) this.#core.refuse(open.request, failure, "the store took no record");
        return;
      }
      // r[put.holders]
      open.holders.add(this.#core.context.self.key);
      this.#findNewer(open, record, later);
      this.#release(open);
    });
  }

  /** r[put.newer]: what lies here instead. */
  #findNewer(open: OpenPut, record: TableRecord, now: number): void {
    const held = this.#core.findLive(record.keyId, now);
    if (held === undefined || this.#core.isSame(held, record)) return;
    open.waits++;
    this.#core.read([record.keyId], ([newer]) => {
      open.newer = newer;
      this.#release(open);
    });
  }

  #forward(open: OpenPut, put: Put, now: number): void {
    open.waits++;
    // r[put.forward]
    this.#forwarder.send({ ...put, place: put.place + 1 }, now, (answer, later) => {
      if (answer === undefined) this.#owed(put.record.keyId, put.position, later);
      else this.#takeAnswer(open, answer);
      this.#release(open);
    });
  }

  #takeAnswer(open: OpenPut, { holders, whole, newer }: PutAnswer): void {
    // r[put.holders] also
    for (const holder of holders) open.holders.add(holder);
    // r[put.whole] also
    open.whole ||= whole;
    open.newer ??= newer;
  }

  #release(open: OpenPut): void {
    open.waits--;
    if (open.waits === 0) this.#answer(open);
  }

  #answer(open: OpenPut): void {
    const { request, holders, whole, newer } = open;
    if (!this.#open.delete(request)) return;
    // r[put.newer] mutate: `whole, newer }` => `whole, newer: undefined }`
    this.#core.answer(request, { command: "PUT", holders: Array.from(holders), whole, newer });
  }

  giveUp(request: number): void {
    this.#open.delete(request);
  }

  get deadline(): number {
    let due = Infinity;
    for (const { dueAt } of this.#open.values()) due = Math.min(due, dueAt);
    return due;
  }

  wake(now: number): void {
    for (const open of Array.from(this.#open.values())) if (open.dueAt <= now) this.#answer(open);
  }
}
