// What many runs come to: sums, violations with their seeds, a fingerprint that is the same on every machine.
import { createHash } from "node:crypto";
import { kinds, play } from "./schedule.mjs";

const most = new Set(["rounds"]);
/** Violations of a piece that are kept in full. */
const violationsKept = 20;

export class Tally {
  runs = 0;
  counts = {};
  /** How long operations took: see the ledger. */
  times = { hit: {}, nothing: {}, put: {} };
  /** How often each property was violated. */
  violated = {};
  violations = [];
  #hash = createHash("sha256");

  /** One piece; pieces are to come in order. */
  add({ runs, counts, times, violated, violations, hash }) {
    this.runs += runs;
    for (const [name, count] of Object.entries(counts)) {
      const before = this.counts[name] ?? 0;
      this.counts[name] = most.has(name) ? Math.max(before, count) : before + count;
    }
    for (const [what, taken] of Object.entries(times)) {
      const sums = this.times[what];
      for (const [ms, count] of Object.entries(taken)) sums[ms] = (sums[ms] ?? 0) + count;
    }
    for (const [property, count] of Object.entries(violated)) {
      this.violated[property] = (this.violated[property] ?? 0) + count;
    }
    this.violations.push(...violations);
    this.#hash.update(hash);
  }

  /** So many ms, or fewer, a share of the operations took. */
  quantile(what, share) {
    const taken = Object.entries(this.times[what]).sort(([a], [b]) => a - b);
    let left = share * taken.reduce((sum, [, count]) => sum + count, 0);
    for (const [ms, count] of taken) if ((left -= count) <= 0) return Number(ms);
    return NaN;
  }

  get hash() {
    return this.#hash.copy().digest("hex").slice(0, 16);
  }

  get violatedCount() {
    return Object.values(this.violated).reduce((sum, count) => sum + count, 0);
  }
}

/** Plays runs `from … from + count − 1` of one kind. */
export function playPiece({ from, count, plan }) {
  const tally = new Tally();
  const hash = createHash("sha256");
  for (let seed = from; seed < from + count; seed++) {
    const { counts, times, violation } = play({ ...plan, seed });
    hash.update(`${seed} ${Object.values(counts).join(" ")} ${violation ?? ""}\n`);
    const violated = violation === undefined ? {} : { [violation]: 1 };
    const isKept = violation !== undefined && tally.violations.length < violationsKept;
    const violations = isKept ? [{ seed, kind: plan.kind, defect: plan.defect, property: violation }] : [];
    tally.add({ runs: 1, counts, times, violated, violations, hash: "" });
  }
  const { runs, counts, times, violated, violations } = tally;
  return { from, runs, counts, times, violated, violations, hash: hash.digest("hex") };
}

/** The same, with its sums only. */
export function playRuns(piece) {
  const { runs, counts, times, violated, violations } = playPiece(piece);
  return { runs, counts, times, violated, violations };
}

export const kindNames = Object.keys(kinds);
