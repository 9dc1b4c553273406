export { FrameQueue, Priority } from "./frame-queue.js";
export { FrameReader } from "./frame-reader.js";
export {
  checkHeader,
  encodeFrame,
  firstApplicationCommand,
  Flag,
  headerBytes,
  isKnown,
  shapeOf,
  writeHeader,
  type FrameHeader,
} from "./header.js";
export {
  commonVersion,
  decodePreface,
  encodePreface,
  isPrefaceStart,
  prefaceBytes,
  spokenVersions,
  type VersionRange,
} from "./preface.js";
