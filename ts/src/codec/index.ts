export {
  broadcastSignatureBytes,
  ContentOffset,
  encodeContent,
  hasBroadcastHead,
  isWellFormedContent,
  payloadOffset,
  readContent,
  type BroadcastContent,
} from "./broadcast.js";
export { compress, compressions, decompress } from "./compression.js";
export { decodeMessage, encodeMessage, isMessageName, type Message, type MessageInit } from "./messages.js";
