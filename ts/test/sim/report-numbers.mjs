// What the text and the plots of the report share: the numbers of the design, and the measured ones as estimates.
import { estimate, spreadOf } from "./large/statistics.mjs";

/** Mean and p99 latency in ms and duplicates per delivery that the design asks for, by nodes. */
export const design = {
  1000: { mean: 155, p99: 212, duplicates: 6 },
  10_000: { mean: 215, p99: 273, duplicates: 6 },
  100_000: { mean: 267, p99: 325, duplicates: 6 },
};

/** Results of level 3 by size. */
export function sizesOf(results) {
  return [1000, 10_000, 100_000, 1_000_000].map((nodes) => results[`arrays-${nodes}`]);
}

/** Microseconds as milliseconds with one decimal. */
export const ms = (us) => (us / 1000).toFixed(1);

/** Mean and p99 of a size in ms with their 95 % intervals, by graphs where there are several, else by floods; `spread` is of single floods. */
export function estimatesOf({ byGraph, rows }) {
  const units = byGraph.length > 1 ? byGraph : rows;
  const inMs = (list, of) => list.map((one) => one[of] / 1000);
  const estimateOf = (of) => ({ ...estimate(inMs(units, of)), spread: spreadOf(inMs(rows, of)) });
  return { mean: estimateOf("meanUs"), p99: estimateOf("p99Us") };
}
