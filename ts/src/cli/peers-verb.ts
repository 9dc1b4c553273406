// motet peers: which nodes a node knows.

import { formatHex } from "../bytes/index.js";
import { formatNodeId } from "../identity/index.js";
import { join, joiningHelp, joiningOptions } from "./joining.js";
import { ExitCode, printData, UsageError } from "./usage.js";
import type { Verb } from "./verb.js";

export const peersVerb: Verb = {
  name: "peers",
  summary: "ask a node which others it knows, and print their node ids",
  forms: ["--network NAME --peer ADDRESS [options]"],
  help: joiningHelp,
  options: joiningOptions,
  async run(values, operands, interruption) {
    if (operands.length > 0) throw new UsageError(`"${operands[0]}" is not understood; see motet peers --help`);
    const known = await join(values, interruption, async ({ node, signal }) => {
      const lists = await Promise.all(node.peers.map((peer) => node.askPeers(peer, { signal })));
      return new Map(lists.flat().map((id) => [formatHex(id), formatNodeId(id)]));
    });
    for (const [hex, text] of known) printData(values["json"] === true ? JSON.stringify({ node: text, hex }) : text);
    return ExitCode.OK;
  },
};
