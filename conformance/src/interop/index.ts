// Ports against each other.
export { runChain, type ChainOptions } from "./chain.js";
export { TableStage, type TableOptions, type TableOutcome } from "./table.js";
