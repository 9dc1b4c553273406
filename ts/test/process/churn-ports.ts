// Ports that processes of the churn test may listen at in turn, so that everybody knows the addresses of everybody from the
// start. Below the range from which systems take ports for outgoing connections, where another one could take them meanwhile.

import { createServer } from "node:net";
import { pick } from "../harness/random.js";

const first = 15_000;
const count = 15_000;

/** As many ports as are asked for, at which nobody listens. */
export async function freePorts(random: () => number, wanted: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < wanted) {
    const port = first + pick(random, count);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
