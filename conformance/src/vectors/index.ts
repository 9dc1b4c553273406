// The vectors: made, checked, locked.
export { generate, outOfDate, type GeneratedRoots } from "./generate.js";
export { isRejection, lintVectors, type LintResult } from "./lint.js";
export { lockFindings, readIdLock } from "./lock.js";
