export { proofDigest, type Transcript } from "./proof.js";
export { Session } from "./session.js";
export type { SessionContext, SessionEnd, SessionInfo, SessionOwner, SessionRole } from "./session-types.js";
export type { SessionState } from "./transitions.js";
