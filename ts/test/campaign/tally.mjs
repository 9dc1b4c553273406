// What many runs come to: sums of their counts, the violations with their seeds, a fingerprint that is the same on every machine. What
// is counted, and what is a violation, is the simulation's business.
import { createHash } from "node:crypto";

/** Violations of a piece that are kept in full. */
const violationsKept = 20;

/** Adds counts to sums, by name. */
export function addCounts(sums, counts) {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
}

export class Tally {
  runs = 0;
  counts = {};
  /** How often each property was violated. */
  violated = {};
  violations = [];
  #most;
  #hash = createHash("sha256");

  /** @param most counts of which the largest is kept instead of the sum */
  constructor(most = []) {
    this.#most = most;
  }

  /** One piece; pieces are to come in order. */
  add({ runs, counts, violated, violations, hash }) {
    this.runs += runs;
    const before = { ...this.counts };
    addCounts(this.counts, counts);
    for (const name of this.#most) this.counts[name] = Math.max(before[name] ?? 0, counts[name] ?? 0);
    addCounts(this.violated, violated);
    this.violations.push(...violations);
    this.#hash.update(hash);
  }

  get hash() {
    return this.#hash.copy().digest("hex").slice(0, 16);
  }

  get violatedCount() {
    return Object.values(this.violated).reduce((sum, count) => sum + count, 0);
  }

  /** What is kept and sent; `hash` stands for all runs. */
  get sums() {
    const { runs, counts, violated, violations } = this;
    return { runs, counts, violated, violations };
  }
}

/**
 * Plays seeds `from … from + count − 1` of one plan.
 * @param play answers counts and a violation or none; lineOf: what of a result goes into the fingerprint; tally: an empty one
 */
export function playSeeds({ from, count, plan }, { play, lineOf, tally }) {
  const hash = createHash("sha256");
  for (let seed = from; seed < from + count; seed++) {
    const result = play({ ...plan, seed });
    const { violation, step } = result;
    hash.update(lineOf(seed, result));
    const violated = violation === undefined ? {} : { [violation]: 1 };
    const isKept = violation !== undefined && tally.violations.length < violationsKept;
    const violations = isKept ? [{ seed, kind: plan.kind, defect: plan.defect, step, property: violation }] : [];
    tally.add({ ...result, runs: 1, violated, violations, hash: "" });
  }
  return { from, ...tally.sums, hash: hash.digest("hex") };
}
