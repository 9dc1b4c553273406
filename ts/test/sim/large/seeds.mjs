// Seeded randomness of the large simulations: the generator of the simulator, one independent stream for each row of labels.
import { Prng } from "../../../dist/sim/index.js";

/** A source of its own for a seed and labels, all of them small integers. */
export function seeded(seed, ...labels) {
  return labels.reduce((random, label) => random.fork(label), new Prng(seed));
}

/** `count` different numbers in [0, bound), ascending; those in `without` are left out. */
export function sample(random, count, bound, without = new Set()) {
  const chosen = new Set();
  while (chosen.size < count) {
    const one = random.below(bound);
    if (!without.has(one)) chosen.add(one);
  }
  return [...chosen].sort((a, b) => a - b);
}
