// motet locate: whether the network knows where a node is.

import { join, joiningHelp, joiningOptions } from "./joining.js";
import { ExitCode, printData, UsageError } from "./usage.js";
import type { Verb } from "./verb.js";

export const locateVerb: Verb = {
  name: "locate",
  summary: "ask the whole network for a node",
  forms: ["NODE-ID --network NAME --peer ADDRESS… [options]"],
  help: joiningHelp,
  options: joiningOptions,
  async run(values, operands, interruption) {
    const [wanted, ...others] = operands;
    if (wanted === undefined || others.length > 0)
      throw new UsageError("name exactly one node id; see motet locate --help");
    const ms = await join(values, interruption, async ({ node, signal }) => {
      const since = performance.now();
      await node.locate(wanted, { signal });
      return Math.round(performance.now() - since);
    });
    printData(values["json"] === true ? JSON.stringify({ node: wanted, ms }) : `${wanted} found after ${ms} ms`);
    return ExitCode.OK;
  },
};
