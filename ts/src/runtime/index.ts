export { SystemClock, type Clock } from "./clock.js";
export { hasher, privateKeyOf, publicBytesOf, random, signNow, verifyNow } from "./crypto.js";
export type { EventMap } from "./event-hub.js";
export { createIdentity, identityFromSeed, loadIdentity, type Identity } from "./identity.js";
export { createNode, Node, type Receipt } from "./node.js";
export { bytesOfHex, networkOfOptions, type NetworkOptions, type NodeOptions } from "./options.js";
