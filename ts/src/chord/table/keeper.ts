// The member's side of the table: chapter 8 without its clients. Holds records where they belong, passes them on, and answers
// for them. Knows records that were found good, contacts and snapshots of the ring; bytes, signatures, sessions and files
// belong to the layer above. Inputs return nothing: after each, drain `poll()`, then read `deadline`.

import type { TableRecord } from "../../identity/index.js";
import type { Position } from "../position.js";
import { isPlaced, type Snapshot } from "../ring-types.js";
import { ArcSync } from "./arc-sync.js";
import { CrossCheck } from "./cross-check.js";
import { Expiry } from "./expiry.js";
import { Forwarder } from "./forwarder.js";
import { GetService } from "./get-service.js";
import { Handover } from "./handover.js";
import { KeeperCore } from "./keeper-core.js";
import type { KeeperOutput } from "./keeper-types.js";
import { headOf } from "./own-arc.js";
import { PutService } from "./put-service.js";
import { Room } from "./room.js";
import { ScanService } from "./scan-service.js";
import type { RecordInfo, StoreFailure } from "./store.js";
import { SyncService } from "./sync-service.js";
import type { Asker, KeeperContext, Refusal, TableAnswer, TableRequest } from "./table-types.js";
import { Watches } from "./watches.js";

export class Keeper {
  readonly #core: KeeperCore;
  readonly #put: PutService;
  readonly #get: GetService;
  readonly #scan: ScanService;
  readonly #sync: SyncService;
  readonly #watches: Watches;
  readonly #handover: Handover;
  readonly #arcSync: ArcSync;
  readonly #crossCheck: CrossCheck;
  readonly #expiry: Expiry;
  /** Head, predecessor and phase as they were last. */
  #neighbours = "";
  /** Time of the last input that asks for it. */
  #now = 0;
  /** Outputs that were polled already. */
  #polled = 0;

  constructor(context: KeeperContext) {
    const core = new KeeperCore(context);
    const forwarder = new Forwarder(core);
    this.#core = core;
    this.#handover = new Handover(core, forwarder);
    this.#put = new PutService(core, forwarder, new Room(core), (keyId, position, now) => {
      const held = core.records.find(keyId);
      if (held !== undefined) this.#handover.owe(held, position, now);
    });
    this.#arcSync = new ArcSync(core, forwarder, this.#handover);
    const isCompleteAt = (position: Position): boolean => this.#arcSync.isCompleteAt(position, this.#now);
    this.#get = new GetService(core, isCompleteAt, () => this.#arcSync.sources);
    this.#scan = new ScanService(core);
    this.#sync = new SyncService(core, (from, to) => this.#arcSync.isCompleteIn(from, to, this.#now));
    this.#watches = new Watches(core);
    this.#crossCheck = new CrossCheck(core);
    this.#expiry = new Expiry(core);
    core.onNewer = (held, record, now) => {
      this.#expiry.note(record);
      this.#watches.tell(held, record, now);
      this.#handover.renewed(held, now);
    };
  }

  /** What the store holds: before all else. */
  load(infos: readonly RecordInfo[], now: number): void {
    for (const info of infos) {
      const held = this.#core.records.add(info, undefined);
      held.durable = info;
      this.#expiry.note(info);
    }
    this.#expiry.wake(now);
  }

  /** The ring has changed, or has been seen for the first time: call it whenever `ring.snapshot()` is another object. */
  ringChanged(snapshot: Snapshot, now: number): void {
    this.#core.snapshot = snapshot;
    this.#crossCheck.see(snapshot, now);
    const neighbours = describe(snapshot);
    if (neighbours === this.#neighbours) return;
    this.#neighbours = neighbours;
    const taken = this.#arcSync.ringChanged(snapshot, now);
    if (!isPlaced(snapshot)) return this.#crossCheck.stop();
    this.#crossCheck.begin(now);
    this.#crossCheck.ringChanged(now);
    this.#handover.lookAtAll(now);
    if (taken !== undefined) this.#crossCheck.checkArc(taken.from, taken.to, now);
  }

  /** Whether all records of the arc that this node owns are here. */
  get isComplete(): boolean {
    return this.#arcSync.isComplete;
  }

  /** A request came; it is answered or refused under this number. Records in it were found good, but for their time. */
  receive(request: number, from: Asker, what: TableRequest, now: number): void {
    this.#now = now;
    switch (what.command) {
      case "PUT":
        return this.#put.receive(request, from, what, now);
      case "GET":
        return this.#get.receive(request, what, now);
      case "SCAN":
        return this.#scan.receive(request, from, what, now);
      case "SYNC":
        return this.#sync.receive(request, from, what, now);
      case "WATCH":
        return this.#watches.receive(request, from, what, now);
    }
  }

  /** A request is not waited for any more. */
  giveUp(request: number): void {
    this.#put.giveUp(request);
  }

  /** A node is no peer any more. @param key its node id in hex. */
  forget(key: string): void {
    this.#watches.forget(key);
  }

  answered(handle: number, answer: TableAnswer, now: number): void {
    this.#core.take(handle, "ask")?.(answer, undefined, now);
  }

  failed(handle: number, code: Refusal, now: number): void {
    this.#core.take(handle, "ask")?.(undefined, code, now);
  }

  written(handle: number, failure: StoreFailure | undefined, now: number): void {
    this.#core.take(handle, "write")?.(failure, now);
  }

  wasRead(handle: number, records: readonly (TableRecord | undefined)[], now: number): void {
    this.#core.take(handle, "read")?.(records, now);
  }

  checked(handle: number, now: number): void {
    this.#core.take(handle, "check")?.(now);
  }

  /** Hands over what this node owns, before it leaves the ring: `handed` comes when that is done. */
  leave(now: number): void {
    this.#handover.leave(now, () => this.#core.outputs.push({ type: "handed" }));
  }

  wake(now: number): void {
    this.#put.wake(now);
    this.#arcSync.wake(now);
    this.#handover.wake(now);
    this.#crossCheck.wake(now);
    this.#expiry.wake(now);
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return Math.min(
      this.#put.deadline,
      this.#arcSync.deadline,
      this.#handover.deadline,
      this.#crossCheck.deadline,
      this.#expiry.deadline,
    );
  }

  poll(): KeeperOutput | undefined {
    const { outputs } = this.#core;
    if (this.#polled < outputs.length) return outputs[this.#polled++];
    if (this.#polled > 0) outputs.length = 0;
    this.#polled = 0;
    return undefined;
  }

  /** Records held, tombstones too, and their bytes. */
  get size(): { readonly records: number; readonly bytes: number } {
    const { size, bytes } = this.#core.records;
    return { records: size, bytes };
  }
}

/** What of a snapshot decides where records belong. */
function describe(snapshot: Snapshot): string {
  const { phase, predecessor } = snapshot;
  const head = headOf(snapshot);
  return `${phase} ${head.key} ${head.incarnation} ${predecessor?.key ?? ""} ${predecessor?.incarnation ?? ""}`;
}
