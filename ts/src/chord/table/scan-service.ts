// SCAN as a member answers it: section 8.6. One page of the keys whose position 0 this member owns.

import { Limit } from "../../gen/registry.js";
import { isTombstone } from "../../identity/index.js";
import type { KeeperCore } from "./keeper-core.js";
import type { Asker, KeyName, Scan } from "./table-types.js";

/** Payload of an answer beside its keys, and of each key beside its bytes. */
const headBytes = 8;
const perKeyBytes = 5;

export class ScanService {
  readonly #core: KeeperCore;

  constructor(core: KeeperCore) {
    this.#core = core;
  }

  receive(request: number, { receiveBytes }: Asker, { after }: Scan, now: number): void {
    const { records, context } = this.#core;
    const keys: KeyName[] = [];
    let bytes = headBytes;
    let more = false;
    for (const { what } of records.arc(after, context.self.position)) {
      const { held, number } = what;
      if (number !== 0 || !this.#core.owns(held, 0)) continue;
      const isListed = !isTombstone(held.info) && this.#core.isLive(held.info, now);
      // r[scan.answer]
      if (!isListed) continue;
      // r[scan.fits]
      bytes += held.info.key.length + perKeyBytes;
      if (keys.length >= Limit.SCAN_KEYS || bytes > receiveBytes) {
        // r[scan.more]
        more = true;
        break;
      }
      keys.push({ kind: held.info.kind, key: held.info.key });
    }
    this.#core.answer(request, { command: "SCAN", keys, more });
  }
}
