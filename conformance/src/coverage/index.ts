// Which rules are proven, by which cases and mutants, and the gate over that.
export { coverageOf } from "./coverage.js";
export { gate } from "./gate.js";
export { readCoverageInput, readUnobservable, selftestReport } from "./inputs.js";
export { kindsOf } from "./kinds.js";
export { coverageText } from "./text.js";
