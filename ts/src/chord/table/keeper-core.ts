// What the parts of a member's machine share: its records, its view of the ring, effects under way, and the one way in which a
// record comes to be held.

import { equalBytes } from "../../bytes/index.js";
import type { Code } from "../../gen/registry.js";
import { endOf, isTombstone, type TableRecord } from "../../identity/index.js";
import type { Contact } from "../contact.js";
import type { Snapshot } from "../ring-types.js";
import { HeldRecords, infoOf, type Held } from "./held-records.js";
import type { KeeperOutput } from "./keeper-types.js";
import { owns } from "./own-arc.js";
import type { Place, RecordInfo, StoreFailure, StoreWrite } from "./store.js";
import type { KeeperContext, Refusal, TableAnswer, TableRequest } from "./table-types.js";
import { compareVersions } from "./versions.js";

export type Answered = (answer: TableAnswer | undefined, code: Refusal, now: number) => void;
export type Written = (failure: StoreFailure | undefined, now: number) => void;
export type WasRead = (records: readonly (TableRecord | undefined)[], now: number) => void;

type Effect =
  | { readonly type: "ask"; readonly done: Answered }
  | { readonly type: "write"; readonly done: Written }
  | { readonly type: "read"; readonly done: WasRead }
  | { readonly type: "check"; readonly done: (now: number) => void };

interface EffectDone {
  readonly ask: Answered;
  readonly write: Written;
  readonly read: WasRead;
  readonly check: (now: number) => void;
}

export class KeeperCore {
  readonly context: KeeperContext;
  readonly records: HeldRecords;
  readonly outputs: KeeperOutput[] = [];
  /** Undefined before the ring was seen. */
  snapshot: Snapshot | undefined;
  /** Told of every record that has become newer, when it is durable. */
  onNewer: (held: Held, record: TableRecord, now: number) => void = () => undefined;
  readonly #effects = new Map<number, Effect>();
  #next = 1;

  constructor(context: KeeperContext) {
    this.context = context;
    this.records = new HeldRecords(context.positionOf, context.shape.tables);
  }

  ask(to: Contact, request: TableRequest, done: Answered): void {
    this.outputs.push({ type: "ask", handle: this.#begin({ type: "ask", done }), to, request });
  }

  read(keyIds: readonly Uint8Array[], done: WasRead): void {
    this.outputs.push({ type: "read", handle: this.#begin({ type: "read", done }), keyIds });
  }

  write(write: StoreWrite, done: Written): void {
    this.outputs.push({ type: "write", handle: this.#begin({ type: "write", done }), write });
  }

  /** @param record what this member holds and may offer; undefined: what the groups hold is enough. */
  check(
    { kind, keyId }: RecordInfo,
    { isDeep, record }: { readonly isDeep: boolean; readonly record: TableRecord | undefined },
    done: (now: number) => void,
  ): void {
    const handle = this.#begin({ type: "check", done });
    this.outputs.push({ type: "check", handle, kind, keyId, isDeep, record });
  }

  #begin(effect: Effect): number {
    this.#effects.set(this.#next, effect);
    return this.#next++;
  }

  /** Who waits for an effect that has ended. */
  take<T extends Effect["type"]>(handle: number, type: T): EffectDone[T] | undefined {
    const effect = this.#effects.get(handle);
    if (effect?.type !== type) return undefined;
    this.#effects.delete(handle);
    return effect.done as EffectDone[T];
  }

  answer(request: number, answer: TableAnswer): void {
    this.outputs.push({ type: "answer", request, answer });
  }

  refuse(request: number, code: Code, text: string): void {
    this.outputs.push({ type: "refuse", request, code, text });
  }

  /** Whether what is held is this very record. */
  isSame({ info }: Held, { digest }: TableRecord): boolean {
    return equalBytes(info.digest, digest);
  }

  /** Whether this node owns a position. */
  owns(held: Held, number: number): boolean {
    const position = held.positions[number];
    return this.snapshot !== undefined && position !== undefined && owns(this.snapshot, position);
  }

  isLive(info: RecordInfo, now: number): boolean {
    // r[get.expired] mutate: always
    return endOf(info, this.context.shape.maxTtl) > now;
  }

  /** The entry of a key, unless its time is over. */
  findLive(keyId: Uint8Array, now: number): Held | undefined {
    const held = this.records.find(keyId);
    return held !== undefined && this.isLive(held.info, now) ? held : undefined;
  }

  /** Where a record is held for a position: at place 0 where this node owns it, else as the last PUT said. */
  placeOf(held: Held, number: number): Place | undefined {
    const told = held.info.places.find(({ position }) => position === number);
    if (!this.owns(held, number)) return told;
    const copies = told?.copies ?? this.context.shape.copies;
    // r[keep.place] mutate: `place: 0` => `place: told?.place ?? 0`
    return { position: number, place: 0, copies };
  }

  /** Hears when nothing of a key waits for the store any more. */
  whenDurable(held: Held, done: (now: number) => void, now: number): void {
    if (held.pending === 0) done(now);
    else held.waiters.push(done);
  }

  /**
   * Takes a record that belongs here: stores it when it is newer than what is held, notes its places when it is the same, and
   * leaves a newer one as it is. @param done called when what is held is durable, or could not be written.
   */
  hold(record: TableRecord, places: readonly Place[], prefix: string | undefined, now: number, done: Written): void {
    const held = this.records.find(record.keyId);
    // r[put.keep] mutate: `compareVersions(record, held.info)` => `Math.abs(compareVersions(record, held.info))`
    const order = held === undefined || !this.isLive(held.info, now) ? 1 : compareVersions(record, held.info);
    // r[put.store] mutate: `order > 0` => `false`
    if (held === undefined || order > 0) return this.#store(held, record, { places, prefix }, done);
    if (order < 0) return this.whenDurable(held, (later) => done(undefined, later), now);
    this.#notePlaces(held, record, places, now, done);
  }

  #store(
    before: Held | undefined,
    record: TableRecord,
    { places, prefix }: { readonly places: readonly Place[]; readonly prefix: string | undefined },
    done: Written,
  ): void {
    const info = infoOf(record, merge(before?.info.places ?? [], places, false));
    const held = before ?? this.records.add(info, prefix);
    if (before !== undefined) this.records.replace(held, info);
    held.sent.length = 0;
    this.#put(held, info, record, (failure, now) => {
      if (failure === undefined) this.onNewer(held, record, now);
      done(failure, now);
    });
  }

  #notePlaces(held: Held, record: TableRecord, places: readonly Place[], now: number, done: Written): void {
    const merged = merge(held.info.places, places, true);
    if (areSame(merged, held.info.places)) return this.whenDurable(held, (later) => done(undefined, later), now);
    const info = { ...held.info, places: merged };
    this.records.replace(held, info);
    this.#put(held, info, record, done);
  }

  /** Notes a place of a record that is held, unless it is known. */
  addPlace(held: Held, place: Place): void {
    if (held.info.places.some(({ position }) => position === place.position)) return;
    const info = { ...held.info, places: merge(held.info.places, [place], false) };
    this.records.replace(held, info);
    // One that is not durable yet will be written with its places when it is rewritten.
    if (held.durable !== undefined && held.pending === 0) this.#put(held, info, undefined, () => undefined);
  }

  #put(held: Held, info: RecordInfo, record: TableRecord | undefined, done: Written): void {
    const isThere =
      record === undefined || (held.durable !== undefined && equalBytes(held.durable.digest, info.digest));
    const write: StoreWrite = isThere ? { type: "places", info } : { type: "put", info, record };
    const written: Written = (failure, now) => {
      held.pending--;
      if (failure === undefined) this.#noteDurable(held, info);
      else if (held.info === info) this.#undo(held);
      done(failure, now);
      if (held.pending === 0) for (const waiter of held.waiters.splice(0)) waiter(now);
    };
    held.pending++;
    // r[put.durable] mutate: `this.write(write, written)` => `written(undefined, 0)`
    this.write(write, written);
  }

  #noteDurable(held: Held, info: RecordInfo): void {
    const had = held.durable !== undefined && !isTombstone(held.durable);
    const has = !isTombstone(info);
    held.durable = info;
    if (had !== has) this.#tellHeld(info, has);
  }

  #tellHeld({ kind, keyId, key }: RecordInfo, isHeld: boolean): void {
    this.outputs.push({ type: isHeld ? "gained" : "lost", kind, keyId, key });
  }

  /** What could not be written is not held. */
  #undo(held: Held): void {
    if (held.durable === undefined) this.records.remove(held);
    else this.records.replace(held, held.durable);
    held.sent.length = 0;
  }

  /** Forgets a key. */
  drop(held: Held): void {
    this.records.remove(held);
    this.write({ type: "delete", keyId: held.keyId }, () => undefined);
    if (held.durable !== undefined && !isTombstone(held.durable)) this.#tellHeld(held.durable, false);
  }
}

/** Places with others in their stead; the same record keeps the longer chain that it was given before. */
function merge(before: readonly Place[], later: readonly Place[], isSame: boolean): readonly Place[] {
  const merged = before.filter(({ position }) => !later.some((place) => place.position === position));
  for (const place of later) {
    const old = isSame ? before.find(({ position }) => position === place.position) : undefined;
    merged.push(old === undefined ? place : { ...place, copies: Math.max(old.copies, place.copies) });
  }
  return merged.sort((a, b) => a.position - b.position);
}

function areSame(a: readonly Place[], b: readonly Place[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ position, place, copies }, i) => {
      const other = b[i];
      return position === other?.position && place === other.place && copies === other.copies;
    })
  );
}
