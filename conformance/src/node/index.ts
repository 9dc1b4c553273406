// The node tier: a live node against friendly and hostile raw peers.
export { checkScenario } from "./check-scenario.js";
export { nodeTier, ScenarioError } from "./node-tier.js";
export type { Scenario, Step } from "./scenario.js";
