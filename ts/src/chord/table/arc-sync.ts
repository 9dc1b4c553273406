// The own arc compared with the head: r[keep.join] and r[sync.when]. Fetches what is missing or newer there, has sent what is
// missing or older there, and knows whether all of the arc is here.

import { equalBytes, formatHex } from "../../bytes/index.js";
import { timeDefect, type TableRecord } from "../../identity/index.js";
import { owned } from "../intervals.js";
import { isSame, type Contact } from "../contact.js";
import type { Position } from "../position.js";
import { isPlaced, type Snapshot } from "../ring-types.js";
import { entriesOf, sumOf } from "./arc-sum.js";
import type { Forwarder } from "./forwarder.js";
import type { Handover } from "./handover.js";
import type { KeeperCore } from "./keeper-core.js";
import { headOf } from "./own-arc.js";
import type { Place } from "./store.js";
import type { SyncAnswer, SyncEntry } from "./table-types.js";

/** Records asked for at once. */
const batch = 64;
/** Until a node that does not know this one yet is asked again: it may hear of it in a moment. */
const soonMs = 250;
/** How often records that were named and not sent are asked for again. */
const mostEmpty = 3;

/** One comparison under way. */
interface Run {
  readonly head: Contact;
  readonly from: Position;
  /** What the head holds, by key id and number of the position. */
  readonly there: Map<string, SyncEntry>;
  /** Key ids of records that are fetched, in hex, with where they belong. */
  readonly wanted: Map<string, { readonly keyId: Uint8Array; readonly places: Place[] }>;
  empty: number;
}

const nameOf = ({ keyId, position }: SyncEntry): string => `${formatHex(keyId)}:${position}`;

export class ArcSync {
  readonly #core: KeeperCore;
  readonly #forwarder: Forwarder;
  readonly #handover: Handover;
  #run: Run | undefined;
  #isComplete = false;
  /** Behind where the arc begins that this node came to own and has not complete; it may own less of it by now. */
  #incompleteFrom: Position | undefined;
  /** Who was on the list when this node got its place: the first of them had its arc, whoever has come in between since has not. */
  #sources: readonly Contact[] = [];
  /** Those of them that do not take this node for a neighbour any more. */
  readonly #strangers = new Set<string>();
  /** Until when others are sent elsewhere, and old sources asked, unix ms: where nobody is complete, nobody would ever be. */
  #busyUntil = 0;
  /** Behind where the own arc begins, once this node has had one. */
  #from: Position | undefined;
  #dueAt = Infinity;

  constructor(core: KeeperCore, forwarder: Forwarder, handover: Handover) {
    this.#core = core;
    this.#forwarder = forwarder;
    this.#handover = handover;
  }

  /** Whether all records of the own arc are here. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Who may have what is not complete here, those first that had it when this node got its place. */
  get sources(): readonly Contact[] {
    const list = this.#core.snapshot?.successors ?? [];
    const among = (contacts: readonly Contact[], one: Contact): boolean => contacts.some((entry) => isSame(entry, one));
    const sources = this.#sources.filter((source) => among(list, source));
    return [...sources, ...list.filter((entry) => !among(sources, entry))];
  }

  /** Whether all records at a position are here, as far as this node ever had to have them. */
  isCompleteAt(position: Position, now: number): boolean {
    const from = this.#incompleteFrom;
    if (this.#isComplete || from === undefined || now >= this.#busyUntil) return true;
    return !owned(from, position, this.#core.context.self.position);
  }

  /** The same of an arc: none of its positions is one of those that are not complete. */
  isCompleteIn(from: Position, to: Position, now: number): boolean {
    const { self } = this.#core.context;
    // Two arcs have positions in common exactly when the end of one is in the other.
    return this.isCompleteAt(to, now) && (this.isCompleteAt(self.position, now) || !owned(from, self.position, to));
  }

  /**
   * The ring has changed. Answers behind where a part of the own arc begins that was another's before; it ends where the own
   * arc began.
   */
  ringChanged(snapshot: Snapshot, now: number): { readonly from: Position; readonly to: Position } | undefined {
    const { self, predecessor } = snapshot;
    if (!isPlaced(snapshot)) return this.#stop();
    const before = this.#from;
    if (snapshot.successors.length === 0) {
      // Alone there is nobody who has more.
      this.#complete();
      this.#from = predecessor?.position ?? self.position;
      return this.#stop();
    }
    if (this.#sources.length === 0) this.#sources = snapshot.successors;
    this.#from = predecessor?.position ?? before;
    const from = this.#from;
    if (!this.#isComplete && from !== undefined) this.#widen(from, now);
    this.#begin(now);
    if (from === undefined || before === undefined || before.equals(from)) return undefined;
    // The arc has grown: who owned it before is gone.
    if (!owned(before, from, self.position)) return { from, to: before };
    this.#keepPlaces(before, from);
    return undefined;
  }

  /** Another owns a part of the arc now; that this node did is kept with the records, for SYNC tells of it. */
  #keepPlaces(from: Position, to: Position): void {
    const { copies } = this.#core.context.shape;
    for (const { what } of this.#core.records.arc(from, to)) {
      this.#core.addPlace(what.held, { position: what.number, place: 0, copies });
    }
  }

  #complete(): void {
    this.#isComplete = true;
    this.#incompleteFrom = undefined;
  }

  /** What is not complete reaches back to where the arc began, or farther where it grew. */
  #widen(from: Position, now: number): void {
    const before = this.#incompleteFrom;
    if (before === undefined) this.#busyUntil = now + this.#core.context.limits.SYNC_MS;
    if (before === undefined || !owned(before, from, this.#core.context.self.position)) this.#incompleteFrom = from;
  }

  #stop(): undefined {
    this.#run = undefined;
    this.#dueAt = Infinity;
  }

  /** Compares anew. */
  #begin(now: number): void {
    const { snapshot, context } = this.#core;
    const from = this.#incompleteFrom ?? this.#from;
    // r[sync.when]
    this.#dueAt = now + context.limits.SYNC_MS;
    this.#run = undefined;
    if (snapshot === undefined || from === undefined) return;
    // r[keep.join.from] mutate: `this.#sourceOf(snapshot, now)` => `headOf(snapshot)`
    const head = this.#isComplete ? headOf(snapshot) : this.#sourceOf(snapshot, now);
    if (head.key === context.self.key || from.equals(context.self.position)) return;
    const run = { head, from, there: new Map<string, SyncEntry>(), wanted: new Map(), empty: 0 };
    this.#run = run;
    // r[keep.join] mutate: `this.#ask(run, undefined, now)` => `this.#complete()`
    this.#ask(run, undefined, now);
  }

  #isOver(run: Run): boolean {
    return this.#run !== run;
  }

  #ask(run: Run, cursor: Position | undefined, now: number): void {
    const to = this.#core.context.self.position;
    const { count, sum } = sumOf(entriesOf(this.#core, run.from, to, now));
    const sync = { command: "SYNC" as const, from: run.from, to, cursor, count, sum, keyIds: [] };
    this.#core.ask(run.head, sync, (answer, code, later) => {
      if (this.#isOver(run)) return;
      if (code === "NOT_OWNER") this.#refused(run, later);
      else if (answer?.command !== "SYNC") this.#fail(later);
      // At which places, that does not say.
      else if (answer.same) this.#end(run, later);
      else this.#takeEntries(run, answer, later);
    });
  }

  /** Whom to ask for what is not complete here. */
  #sourceOf(snapshot: Snapshot, now: number): Contact {
    // r[keep.join.from] also
    if (now >= this.#busyUntil) return headOf(snapshot);
    const source = this.sources.find(({ key }) => !this.#strangers.has(key));
    return source ?? headOf(snapshot);
  }

  #refused({ head }: Run, now: number): void {
    const { snapshot } = this.#core;
    // The head of now does not know this node yet, but soon; another one does not know it any more.
    if (this.#isComplete || snapshot === undefined) return this.#fail(now);
    if (isSame(head, headOf(snapshot))) return this.#fail(now, soonMs);
    this.#strangers.add(head.key);
    this.#begin(now);
  }

  #fail(now: number, waitMs = this.#core.context.limits.RING_STABILIZE_MS): void {
    this.#run = undefined;
    this.#dueAt = Math.min(this.#dueAt, now + waitMs);
  }

  #takeEntries(run: Run, { entries, more }: SyncAnswer, now: number): void {
    let last: Position | undefined;
    for (const entry of entries) {
      const at = this.#core.context.positionOf(entry.keyId, entry.position);
      if (!owned(run.from, at, this.#core.context.self.position)) continue;
      last = at;
      run.there.set(nameOf(entry), entry);
      this.#want(run, entry);
    }
    if (more && last !== undefined) this.#ask(run, last, now);
    else this.#fetch(run, now);
  }

  /** Notes a record that is missing here or different. */
  #want(run: Run, { keyId, position, copies, digest }: SyncEntry): void {
    const held = this.#core.records.find(keyId);
    if (held !== undefined && equalBytes(held.info.digest, digest)) return;
    const id = formatHex(keyId);
    const wanted = run.wanted.get(id) ?? { keyId, places: [] };
    wanted.places.push({ position, place: 0, copies });
    run.wanted.set(id, wanted);
  }

  #fetch(run: Run, now: number): void {
    const keyIds = Array.from(run.wanted.values(), ({ keyId }) => keyId).slice(0, batch);
    if (keyIds.length === 0) return this.#end(run, now);
    const { self } = this.#core.context;
    const sync = { from: self.position, to: self.position, cursor: undefined, count: 0, sum: new Uint8Array(32) };
    this.#core.ask(run.head, { command: "SYNC", ...sync, keyIds }, (answer, _code, later) => {
      if (this.#isOver(run)) return;
      if (answer?.command !== "SYNC") return this.#fail(later);
      run.empty = answer.records.length === 0 ? run.empty + 1 : 0;
      for (const record of answer.records) this.#takeRecord(run, record, later);
      // They are gone there, or too long for what this node takes.
      if (run.empty >= mostEmpty) for (const keyId of keyIds) run.wanted.delete(formatHex(keyId));
      this.#fetch(run, later);
    });
  }

  #takeRecord(run: Run, record: TableRecord, now: number): void {
    const id = formatHex(record.keyId);
    const wanted = run.wanted.get(id);
    if (wanted === undefined) return;
    run.wanted.delete(id);
    if (timeDefect(record, this.#core.context.shape.maxTtl, now) !== undefined) return;
    this.#core.hold(record, wanted.places, undefined, now, () => undefined);
  }

  /** All that the head has is here: what it lacks is sent to it. */
  #end(run: Run, now: number): void {
    this.#run = undefined;
    this.#complete();
    const { snapshot, context } = this.#core;
    if (snapshot === undefined) return;
    if (!isSame(run.head, headOf(snapshot))) return this.#begin(now);
    for (const entry of entriesOf(this.#core, run.from, context.self.position, now)) {
      const there = run.there.get(nameOf(entry));
      const next = entry.place + 1;
      const isThere = there !== undefined && there.place === next && equalBytes(there.digest, entry.digest);
      if (isThere) this.#forwarder.noteSent(entry.held, entry.position, next);
      else this.#handover.want(entry.held, entry.position);
    }
    this.#handover.pump(now);
  }

  get deadline(): number {
    return this.#dueAt;
  }

  wake(now: number): void {
    if (now < this.#dueAt) return;
    this.#begin(now);
  }
}
