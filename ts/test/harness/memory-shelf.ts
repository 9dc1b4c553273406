// A store of the table in memory for tests: carries out writes and reads at once.

import { formatHex } from "../../src/bytes/index.js";
import type { RecordInfo, StoreWrite } from "../../src/chord/index.js";
import type { TableRecord } from "../../src/identity/index.js";

export class MemoryShelf {
  readonly records = new Map<string, TableRecord>();
  readonly infos = new Map<string, RecordInfo>();

  write(write: StoreWrite): void {
    const id = formatHex(write.type === "delete" ? write.keyId : write.info.keyId);
    if (write.type === "delete") {
      this.records.delete(id);
      this.infos.delete(id);
    } else this.infos.set(id, write.info);
    if (write.type === "put") this.records.set(id, write.record);
  }

  read(keyIds: readonly Uint8Array[]): (TableRecord | undefined)[] {
    return keyIds.map((keyId) => this.records.get(formatHex(keyId)));
  }
}
