// Results by kind: what plots and text both need.
import { startingWith } from "../campaign/results.mjs";

export const overlapOf = (results) => startingWith(results, "overlap-").sort((a, b) => a.nodes - b.nodes);
export const lossesOf = (results) =>
  startingWith(results, "loss-").sort((a, b) => a.copies - b.copies || a.dead - b.dead);

export const partitionsOf = (results) => startingWith(results, "parts-");

const inBucket = 5;

/** Some seconds taken together. @param of the share of one bucket, out of its seconds */
export function bucketsOf(seconds, of) {
  const buckets = [];
  for (let i = 0; i < seconds.length; i += inBucket) {
    buckets.push({ at: seconds[i].at, share: of(seconds.slice(i, i + inBucket)) });
  }
  return buckets;
}

/** Shares of operations that took so many ms or fewer. */
export function sharesOf(times) {
  const taken = Object.entries(times)
    .map(([ms, count]) => [Number(ms), count])
    .sort(([a], [b]) => a - b);
  const all = taken.reduce((sum, [, count]) => sum + count, 0);
  let before = 0;
  return taken.map(([ms, count]) => ({ ms, share: (before += count) / all }));
}

export const quantile = (times, share) => sharesOf(times).find((point) => point.share >= share)?.ms ?? NaN;
