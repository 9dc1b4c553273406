// Ports against each other.
export { runChain, type ChainOptions } from "./chain.js";
