/**
 * Motet: a peer-to-peer node for applications. `ts/GUIDE.md` leads through it in six steps; the protocol itself is in `spec/`.
 * @packageDocumentation
 */

export { ProtocolError, type ErrorDetails, type ErrorOrigin } from "./errors/index.js";
export type { EngineCounts, Message, NodeEvent, RingFinger, RingPlace, RingView, TableGroup } from "./engine/index.js";
export type { Code, LimitName } from "./gen/registry.js";
export { formatNodeId, parseNodeId, type Descriptor, type Network } from "./identity/index.js";
export {
  createHost,
  createIdentity,
  createNode,
  createTestnet,
  hasher,
  identityFromSeed,
  loadIdentity,
  privateKeyOf,
  publicBytesOf,
  signNow,
  SystemClock,
  verifyNow,
  type Access,
  type Answer,
  type AskOptions,
  type BytesLike,
  type DeleteOptions,
  type Clock,
  type CommandDefinition,
  type CompressibleAnswer,
  type DefinedCommand,
  type EnterOptions,
  type EventMap,
  type Handler,
  type Host,
  type HostOptions,
  type Identity,
  type LookupOptions,
  type NetworkOptions,
  type Node,
  type NodeIdLike,
  type NodeOptions,
  type NodeRing,
  type NodeTable,
  type Receipt,
  type Request,
  type RingOwner,
  type SendOptions,
  type StoreOptions,
  type TableEntry,
  type TableReading,
  type TableView,
  type TableWrite,
  type TellOptions,
  type Testnet,
  type TestnetOptions,
  type ValueCodec,
  type WaitOptions,
  type WriteOptions,
} from "./runtime/index.js";
export type { ServerCertificate } from "./transport/index.js";
