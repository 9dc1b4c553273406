// Records in memory: they end with the process, and what the neighbours hold survives.

import { formatHex } from "../../bytes/index.js";
import type { RecordInfo, StoreFailure, StoreWrite } from "../../chord/index.js";
import type { NodeStore } from "./node-store.js";

interface Held {
  readonly info: RecordInfo;
  readonly bytes: Uint8Array;
}

export class MemoryStore implements NodeStore {
  readonly #held = new Map<string, Held>();

  load(done: (infos: readonly RecordInfo[]) => void): void {
    done(Array.from(this.#held.values(), ({ info }) => info));
  }

  write(write: StoreWrite, done: (failure: StoreFailure | undefined) => void): void {
    if (write.type === "delete") this.#held.delete(formatHex(write.keyId));
    else this.#put(write);
    done(undefined);
  }

  #put(write: Exclude<StoreWrite, { type: "delete" }>): void {
    const key = formatHex(write.info.keyId);
    const bytes = write.type === "put" ? write.record.bytes : this.#held.get(key)?.bytes;
    if (bytes !== undefined) this.#held.set(key, { info: write.info, bytes });
  }

  read(keyIds: readonly Uint8Array[], done: (records: readonly (Uint8Array | undefined)[]) => void): void {
    done(keyIds.map((keyId) => this.#held.get(formatHex(keyId))?.bytes));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
