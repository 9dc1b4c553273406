import { createTransports, type Transport } from "../../src/transport/index.js";
import { nowhere } from "./nowhere.js";
import { transportContract } from "./transport-contract.js";

const tls = createTransports().get("tls") as Transport;

transportContract("tls over IPv4", tls, {
  anywhere: "tls://127.0.0.1:0",
  nowhere: () => nowhere("tls", "127.0.0.1"),
  malformed: ["tls://", "tls://127.0.0.1", "tls://127.0.0.1:65536", "tls://127.0.0.1:1/motet"],
});
