export { plainChannel, type ChannelFacts } from "./channel.js";
export { leastReceiveLimit, ownReceiveLimit } from "./hello.js";
export type { Offer } from "./offer.js";
export type { OutgoingMessage } from "./outbox.js";
export { proofDigest, type Transcript } from "./proof.js";
export type { Answer } from "./requests.js";
export { Session } from "./session.js";
export type {
  MessageHandler,
  PeerRequest,
  RingHandler,
  SessionContext,
  SessionEnd,
  SessionInfo,
  SessionOwner,
  SessionRole,
  TableHandler,
  TableMessage,
} from "./session-types.js";
export { wantedOf } from "./wanted.js";
export type { SessionState } from "./transitions.js";
