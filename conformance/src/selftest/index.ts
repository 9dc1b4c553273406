// The runner's test of itself: what does nothing passes nothing, what is broken is noticed, both codecs agree.
export { type MutantResult, type NullResult, type SelftestReport, selftestIsGood, selftestText } from "./report.js";
export { type Part, type SelftestOptions, parts, selftest } from "./selftest.js";
