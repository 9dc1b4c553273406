import { createTransports, type Transport } from "../../src/transport/index.js";
import { nowhere } from "./nowhere.js";
import { transportContract } from "./transport-contract.js";

const transports = createTransports();

for (const scheme of ["ws", "wss"] as const)
  transportContract(`${scheme} over IPv4`, transports.get(scheme) as Transport, {
    anywhere: `${scheme}://127.0.0.1:0/motet`,
    nowhere: () => nowhere(scheme, "127.0.0.1"),
    malformed: [`${scheme}://`, `${scheme}://127.0.0.1:1`, `${scheme}://127.0.0.1:1/`],
  });
