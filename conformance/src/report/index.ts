// Reports of a run in several formats, and the pieces that `explain` shares with them.
export * from "./failure.js";
export { jsonReport } from "./json.js";
export { junitReport } from "./junit.js";
export { tapReport } from "./tap.js";
export { textReport } from "./text.js";
