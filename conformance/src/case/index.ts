// Cases, their results, and where they are loaded from.
export * from "./load.js";
export * from "./places.js";
export * from "./results.js";
export type * from "./types.js";
