export { DiskStore, type DiskStoreOptions } from "./disk-store.js";
export { defectOf, levelIn, type Level, type LevelChange } from "./level.js";
export { MemoryStore } from "./memory-store.js";
export type { NodeStore } from "./node-store.js";
export { openStore, type StoreOptions } from "./open-store.js";
