// Adds up the results of many runs and says what they come to.
import { createHash } from "node:crypto";
import { addCounts } from "../campaign/tally.mjs";
import { count } from "../campaign/text.mjs";

const listed = (counts) =>
  Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, times]) => `${name} ${count(times)}`)
    .join(", ") || "none";

export class Tally {
  seeds = 0;
  counts = {};
  faults = {};
  blamed = {};
  /** Fewest kinds of faults that were active in a run. */
  leastFaults = Infinity;
  violations = [];
  #hash = createHash("sha256");

  add({ seed, counts, faults, blamed, hash, violations }) {
    this.seeds++;
    addCounts(this.counts, counts);
    addCounts(this.faults, faults);
    addCounts(this.blamed, blamed);
    this.leastFaults = Math.min(this.leastFaults, Object.keys(faults).length);
    this.#hash.update(`${seed} ${hash}\n`);
    for (const violation of violations) this.violations.push({ seed, ...violation });
  }

  /** Fingerprint of all runs in the order of their seeds. */
  get hash() {
    return this.#hash.copy().digest("hex").slice(0, 16);
  }

  summary(seconds) {
    const { frames, broadcasts, refused, deliveries, drops } = this.counts;
    return [
      `seeds        ${count(this.seeds)} in ${seconds.toFixed(1)} s`,
      `frames       ${count(frames)}`,
      `broadcasts   ${count(broadcasts)} made, ${count(refused)} refused as QUEUE_FULL`,
      `deliveries   ${count(deliveries)}`,
      `drops        ${count(drops)}`,
      `faults       ${listed(this.faults)}; at least ${this.leastFaults} kinds in a run`,
      `blamed       ${listed(this.blamed)} (sessions of attackers)`,
      `violations   ${count(this.violations.length)}`,
      `trace hash   ${this.hash}`,
    ].join("\n");
  }
}
