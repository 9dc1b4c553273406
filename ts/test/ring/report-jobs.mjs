// Everything that the report is made of, by name: what is played and in what size. Each job is a function of its numbers alone, so
// the same job gives the same result anywhere.
import { playChurn, playQuiet, playRepair } from "./large/machines.mjs";
import { playHops, playLoad } from "./large/tables.mjs";

const lookups = 20_000;
const rings = { 1000: 40, 10_000: 20, 100_000: 10, 1_000_000: 3 };
const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5];
const churn = { nodes: 2000, r: 16, seed: 3, lifeRounds: 60, seconds: 420, lookups: 1000 };
const repair = { nodes: 1000, r: 20, lookups: 5000 };

/** Heavy ones first: two workers take them in this order. */
export const jobs = {
  "machines-4000": () => playQuiet({ nodes: 4000, r: 16, seed: 1, lookups }),
  "churn-told": () => playChurn({ ...churn, tellsEnds: true }),
  "churn-silent": () => playChurn({ ...churn, tellsEnds: false }),
  "machines-1000": () => playQuiet({ nodes: 1000, r: 16, seed: 1, lookups }),
  ...Object.fromEntries(
    [0.1, 0.3, 0.5].flatMap((share) =>
      [true, false].map((tellsEnds) => [
        `repair-${100 * share}-${tellsEnds ? "told" : "silent"}`,
        () => playRepair({ ...repair, seed: 2, share, tellsEnds }),
      ]),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(rings).map(([nodes, count]) => [
      `hops-${nodes}`,
      () => playHops({ nodes: Number(nodes), r: 16, rings: count, lookups }),
    ]),
  ),
  ...Object.fromEntries(
    shares.map((dead) => [`dead-${100 * dead}`, () => playHops({ nodes: 1000, r: 20, rings: 10, lookups, dead })]),
  ),
  "load-10000": () => playLoad({ nodes: 10_000, rings: 50 }),
  "load-100000": () => playLoad({ nodes: 100_000, rings: 50 }),
};
