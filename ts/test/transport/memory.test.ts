import { transports, type Transport } from "../../src/transport/index.js";
import { transportContract } from "./transport-contract.js";

transportContract("memory", transports.get("memory") as Transport, {
  anywhere: "memory://any",
  nowhere: async () => "memory://nobody",
  malformed: ["memory://", "memory://Name", "memory://a/b", "memory:a"],
});
