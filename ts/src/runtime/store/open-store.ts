// The store that the options of a node ask for.

import { concatBytes } from "../../bytes/index.js";
import { DiskStore } from "./disk-store.js";
import { MemoryStore } from "./memory-store.js";
import type { NodeStore } from "./node-store.js";

/** A store on disk. */
export interface StoreOptions {
  /** The node's own; made when there is none. */
  readonly folder: string;
  /** With "empty", a store that is damaged is put aside, and the node asks its neighbours for what they hold. @defaultValue "refuse" */
  readonly ifDamaged?: "refuse" | "empty";
}

/** @throws {ProtocolError} MISUSE when a store on disk cannot be used */
export function openStore(
  store: string | StoreOptions | undefined,
  networkId: Uint8Array,
  nodeId: Uint8Array,
): Promise<NodeStore> {
  if (store === undefined) return Promise.resolve(new MemoryStore());
  const options = typeof store === "string" ? { folder: store } : store;
  return DiskStore.open({ ...options, label: concatBytes(networkId, nodeId) });
}
