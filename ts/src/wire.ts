/**
 * The wire format by itself, for tools: bytes to values and back, without a node and without Node: it runs in browsers too.
 * @packageDocumentation
 */

export { formatHex, parseHex } from "./bytes/index.js";
export {
  broadcastSignatureBytes,
  compress,
  compressionDefect,
  decodeMessage,
  decompress,
  encodeContent,
  encodeMessage,
  hasBroadcastHead,
  isMessageName,
  isWellFormedContent,
  readContent,
} from "./codec/index.js";
export { between, clean, compareVersions, owned, Position } from "./chord/index.js";
export { codeOfNumber, numberOfCode, ProtocolError } from "./errors/index.js";
export {
  checkHeader,
  commonVersion,
  decodePreface,
  encodeFrame,
  encodePreface,
  Flag,
  FrameReader,
  headerBytes,
  isPrefaceStart,
} from "./framing/index.js";
export { commandNames, commandShapes, Compression, Limit, messageBounds } from "./gen/registry.js";
export {
  broadcastMessage,
  broadcastVerification,
  decodeDescriptor,
  decodeRecord,
  decodeTableRecord,
  Domain,
  encodeDescriptor,
  finishTableRecord,
  formatAddress,
  formatNetworkId,
  formatNodeId,
  hasWork,
  isValidKey,
  keyIdOf,
  keyPositionOf,
  mayDialTold,
  MessageHasher,
  networkIdOf,
  networkOf,
  parseAddress,
  parseNetworkId,
  parseNodeId,
  passesSignatureChecks,
  prepareRecord,
  prepareTableRecord,
  recordVerification,
  ringPositionOf,
  signedMessage,
  tableRecordVerification,
  timeDefect,
  workOf,
} from "./identity/index.js";
export { proofDigest } from "./session/index.js";
