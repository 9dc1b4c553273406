// The node tier: a live node against friendly and hostile raw peers.
export { checkScenario } from "./check-scenario.js";
export { nodeTier, nodeTierOver } from "./node-tier.js";
export { isEncrypted, localAddress, schemes, type Scheme } from "./carrier/index.js";
