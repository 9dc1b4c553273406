export {
  broadcastSignatureBytes,
  compressionDefect,
  ContentOffset,
  encodeContent,
  Encoding,
  hasBroadcastHead,
  isWellFormedContent,
  payloadOffset,
  readContent,
  type BroadcastContent,
  type ContentInit,
  type ContentRules,
} from "./broadcast.js";
export { compress, compressions, decompress } from "./compression.js";
export { decodeMessage, encodeMessage, isMessageName, type Message, type MessageInit } from "./messages.js";
