// Running cases: selection, order, second tries, controls, expected failures.
export * from "./expected.js";
export * from "./outcome.js";
export * from "./random.js";
export * from "./run-cases.js";
export * from "./select.js";
