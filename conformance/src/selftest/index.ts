// The runner's test of itself: what does nothing passes nothing, what is broken is noticed, both codecs agree.
export { type MutantResult, type NullResult, selftestIsGood, selftestText } from "./report.js";
export { parts, selftest } from "./selftest.js";
