// Results by kind: what plots and text both need.
import { startingWith } from "../campaign/results.mjs";

export const overlapOf = (results) => startingWith(results, "overlap-").sort((a, b) => a.nodes - b.nodes);
export const lossesOf = (results) =>
  startingWith(results, "loss-").sort((a, b) => a.copies - b.copies || a.dead - b.dead);

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
