// One run of the simulator as a piece of a campaign: of a compiled package, by its plan and seed.
import { loadSimulator } from "./simulator.mjs";

export async function playPiece({ seed, dist, plan }) {
  const { planOf, run } = await loadSimulator(dist);
  const { counts, faults, blamed, hash, violations } = run(planOf({ ...plan, seed }));
  return { seed, counts, faults, blamed, hash, violations };
}
