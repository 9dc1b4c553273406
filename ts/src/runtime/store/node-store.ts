// A store as a node holds it: the table's port, and its end.

import type { TableStore } from "../../chord/index.js";

export interface NodeStore extends TableStore {
  /** Resolves once all that was handed over is written; nothing may be handed over afterwards. */
  close(): Promise<void>;
}
