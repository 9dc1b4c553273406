// One thread of a campaign: runs the seeds that it is given, in a compiled package that it is told once.
import { parentPort, workerData } from "node:worker_threads";
import { loadSimulator } from "./simulator.mjs";

const { planOf, run } = await loadSimulator(workerData.dist);

parentPort.on("message", (seed) => {
  const { counts, faults, blamed, hash, violations } = run(planOf({ ...workerData.plan, seed }));
  parentPort.postMessage({ seed, counts, faults, blamed, hash, violations });
});
parentPort.postMessage("ready");
