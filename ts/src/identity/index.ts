export { formatAddress, parseAddress, type Address, type AddressOptions, type Scheme } from "./address.js";
export { broadcastMessage, broadcastVerification, MessageHasher } from "./broadcast-id.js";
export { decodeDescriptor, defaultDescriptor, encodeDescriptor, networkIdOf, type Descriptor } from "./descriptor.js";
export { Domain, hashIn, signedMessage } from "./domains.js";
export { formatIp, isLocal, parseIp, prefixOf, rangeOf, unmapIp, type IpRange } from "./ip.js";
export { isValidKey, nodeIdBytes, passesSignatureChecks, signatureBytes } from "./keys.js";
export { KeyKind, keyIdOf, keyPositionOf, ownedKey } from "./key-id.js";
export { networkFrom, networkOf, type Network } from "./network.js";
export { formatNetworkId, formatNodeId, hasWork, parseNetworkId, parseNodeId, workOf } from "./node-id.js";
export {
  decodeRecord,
  encodeRecordBody,
  prepareRecord,
  recordVerification,
  type PeerRecord,
  type RecordClaim,
} from "./peer-record.js";
export { mayDialTold } from "./told-address.js";
export { ringPositionOf } from "./ring-position.js";
export {
  decodeTableRecord,
  finishTableRecord,
  prepareTableRecord,
  tableRecordVerification,
  verifyTableRecord,
  type TableRecord,
  type TableRecordClaim,
} from "./table-record.js";
export { endOf, isTombstone, timeDefect, type TableTimes } from "./table-time.js";
