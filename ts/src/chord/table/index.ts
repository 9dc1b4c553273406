export type {
  ClientOutput,
  GroupResult,
  ListerOutput,
  ReaderOutput,
  WriterOutput,
  WriteResult,
} from "./client-types.js";
export { Keeper } from "./keeper.js";
export type { KeeperOutput } from "./keeper-types.js";
export { Lister, type ListContext } from "./lister.js";
export { Mender, type MenderOutput, type MendWish } from "./mender.js";
export { ownersHere } from "./own-arc.js";
export { Reader, type ReadWish } from "./reader.js";
export { sequenceFor } from "./sequence.js";
export type { Place, RecordInfo, StoreFailure, StoreWrite, TableStore } from "./store.js";
export type {
  Asker,
  Get,
  GetAnswer,
  KeeperContext,
  KeyName,
  Put,
  PutAnswer,
  Refusal,
  Scan,
  ScanAnswer,
  Sync,
  SyncAnswer,
  SyncEntry,
  TableAnswer,
  TableContext,
  TableLimits,
  TableRequest,
  TableShape,
  Watch,
  WatchAnswer,
} from "./table-types.js";
export { compareVersions, type Version } from "./versions.js";
export { VersionsSeen } from "./versions-seen.js";
export { Writer, type WriteWish } from "./writer.js";
