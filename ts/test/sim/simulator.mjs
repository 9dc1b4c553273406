// The simulator of a compiled package: the one of ts/dist, or a copy with a defect in it.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ownDist = fileURLToPath(new URL("../../dist", import.meta.url));

export async function loadSimulator(dist = ownDist) {
  const load = (file) => import(pathToFileURL(path.join(dist, file)).href);
  const [simulator, { hasher }] = await Promise.all([load("sim/index.js"), load("runtime/crypto.js")]);
  return {
    ...simulator,
    run: (scenario, observer) => simulator.simulate(scenario, { hasher, ...(observer && { observer }) }),
    trace: (scenario) => simulator.traceOf(scenario, { hasher }),
  };
}
