// The node tier: a live node against friendly and hostile raw peers.
export { checkScenario } from "./check-scenario.js";
export { nodeTier } from "./node-tier.js";
