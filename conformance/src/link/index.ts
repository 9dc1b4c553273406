// The runner's client of link/1.
export * from "./ascii-json.js";
export * from "./command-line.js";
export * from "./errors.js";
export * from "./event-queue.js";
export type { Reply } from "./replies.js";
export { Testee, type Hello, type TesteeOptions } from "./testee.js";
