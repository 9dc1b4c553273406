// How much a member stores: section 8.9. Records that are held are never given up for others; what does not fit is refused.

import { formatHex } from "../../bytes/index.js";
import type { TableRecord } from "../../identity/index.js";
import type { Held } from "./held-records.js";
import type { KeeperCore } from "./keeper-core.js";

/** One writer, or one prefix, gets this part of the store while more than half of it is taken. */
const share = 1 / 8;

export class Room {
  readonly #core: KeeperCore;

  constructor(core: KeeperCore) {
    this.#core = core;
  }

  /** Whether there is room for a record. @param isShared whether whoever brings it has a share only. */
  has(record: TableRecord, prefix: string | undefined, isShared: boolean): boolean {
    const { records, context } = this.#core;
    const most = context.limits.STORE_BYTES;
    const before = records.find(record.keyId);
    const added = record.bytes.length - (before?.info.recordBytes ?? 0);
    // r[put.full]
    if (added > 0 && records.bytes + added > most) return false;
    if (before !== undefined || !isShared || records.bytes <= most / 2) return true;
    const writer = formatHex(record.writer);
    const isFull = (of: (held: Held) => boolean): boolean => this.#bytesOf(of) + added > most * share;
    // r[room.share]
    if (writer !== "" && isFull(({ info }) => formatHex(info.writer) === writer)) return false;
    return prefix === undefined || !isFull((held) => held.prefix === prefix);
  }

  #bytesOf(isMeant: (held: Held) => boolean): number {
    let bytes = 0;
    for (const held of this.#core.records) if (isMeant(held)) bytes += held.info.recordBytes;
    return bytes;
  }
}
