/**
 * Motet: a peer-to-peer node for applications. See the guide in the README; the protocol itself is in `spec/`.
 * @packageDocumentation
 */

export { ProtocolError, type ErrorDetails, type ErrorOrigin } from "./errors/index.js";
export type { EngineCounts, Message, NodeEvent } from "./engine/index.js";
export type { Code, LimitName } from "./gen/registry.js";
export { formatNodeId, parseNodeId, type Descriptor, type Network } from "./identity/index.js";
export {
  createIdentity,
  createNode,
  hasher,
  identityFromSeed,
  loadIdentity,
  type Clock,
  type EventMap,
  type Identity,
  type NetworkOptions,
  type Node,
  type NodeOptions,
  privateKeyOf,
  publicBytesOf,
  type Receipt,
  signNow,
  SystemClock,
  verifyNow,
} from "./runtime/index.js";
