// The ring role: the runner as many nodes around one testee.
export { positionIn, positionOf } from "./positions.js";
export { RingHost, type Ask } from "./ring-host.js";
export { RingSession } from "./ring-session.js";
export { VirtualRing, type Seat } from "./virtual-ring.js";
export type { VirtualNode } from "./virtual-node.js";
