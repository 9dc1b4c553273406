// SYNC as a member answers it: section 8.7. Tells a neighbour what it holds on an arc, or hands over records.

import { equalBytes } from "../../bytes/index.js";
import { Limit } from "../../gen/registry.js";
import type { TableRecord } from "../../identity/index.js";
import type { Position } from "../position.js";
import { entriesOf, sumOf } from "./arc-sum.js";
import type { KeeperCore } from "./keeper-core.js";
import type { Asker, Sync, SyncAnswer, SyncEntry } from "./table-types.js";

/** Payload of an answer beside its records, and of each record beside its bytes. */
const headBytes = 64;
const perRecordBytes = 5;
/** An entry of 67 bytes in an answer. */
const perEntryBytes = 69;

export class SyncService {
  readonly #core: KeeperCore;

  /** Whether all records of an arc are here, as far as this node asked for them when it came to own positions. */
  readonly #isComplete: (from: Position, to: Position) => boolean;

  constructor(core: KeeperCore, isComplete: (from: Position, to: Position) => boolean) {
    this.#core = core;
    this.#isComplete = isComplete;
  }

  receive(request: number, from: Asker, sync: Sync, now: number): void {
    // r[sync.members]
    if (!this.#isNeighbour(from.key)) return this.#core.refuse(request, "NOT_OWNER", "not a neighbour on the ring");
    if (sync.keyIds.length > 0) return this.#hand(request, from, sync.keyIds, now);
    // r[sync.incomplete]
    if (!this.#isComplete(sync.from, sync.to)) return this.#core.refuse(request, "BUSY", "the arc is not complete yet");
    this.#core.answer(request, this.#compare(sync, from.receiveBytes, now));
  }

  #isNeighbour(key: string): boolean {
    const { snapshot } = this.#core;
    return snapshot?.predecessor?.key === key || snapshot?.successors.some((entry) => entry.key === key) === true;
  }

  #compare({ from, to, cursor, count, sum }: Sync, receiveBytes: number, now: number): SyncAnswer {
    // r[sync.fits] mutate: `(receiveBytes - headBytes)` => `Infinity`
    const most = Math.min(Limit.SYNC_ENTRIES, Math.floor((receiveBytes - headBytes) / perEntryBytes));
    const own = sumOf(entriesOf(this.#core, from, to, now));
    const same = own.count === count && equalBytes(own.sum, sum);
    const none = { command: "SYNC" as const, same, entries: [], more: false, records: [] };
    // r[sync.same]
    if (same) return none;
    const entries: SyncEntry[] = [];
    for (const { position, place, copies, keyId, digest } of entriesOf(this.#core, cursor ?? from, to, now)) {
      // r[sync.more] mutate: `more: true` => `more: false`
      if (entries.length >= most) return { ...none, entries, more: true };
      entries.push({ position, place, copies, keyId, digest });
    }
    // r[sync.entries] mutate: `entries }` => `entries: [] }`
    return { ...none, entries };
  }

  #hand(request: number, from: Asker, keyIds: readonly Uint8Array[], now: number): void {
    const held = keyIds.filter((keyId) => this.#core.findLive(keyId, now) !== undefined);
    this.#core.read(held, (read) => {
      const records: TableRecord[] = [];
      let bytes = headBytes;
      for (const record of read) {
        if (record === undefined) continue;
        bytes += record.bytes.length + perRecordBytes;
        if (bytes > from.receiveBytes) break;
        records.push(record);
      }
      // r[sync.records] mutate: `records }` => `records: [] }`
      this.#core.answer(request, { command: "SYNC", same: false, entries: [], more: false, records });
    });
  }
}
