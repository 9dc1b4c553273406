// motet tell: one message to one node, which is looked for and dialled if it is no peer.

import { join, joiningHelp, joiningOptions } from "./joining.js";
import { payloadHelp, payloadOf, payloadOptions } from "./payload-operand.js";
import { ExitCode, printData, printNote, UsageError } from "./usage.js";
import type { Verb } from "./verb.js";

export const tellVerb: Verb = {
  name: "tell",
  summary: "send one message to one node, wherever in the network it is",
  forms: ["NODE-ID CHANNEL TEXT --network NAME --peer ADDRESS… [options]"],
  help: [...payloadHelp, ...joiningHelp],
  options: { ...joiningOptions, ...payloadOptions },
  async run(values, operands, interruption) {
    const [target, channel, ...rest] = operands;
    if (target === undefined || channel === undefined)
      throw new UsageError("name a node id, a channel and a text; see motet tell --help");
    const payload = await payloadOf(values, "tell", rest);
    await join(values, interruption, async ({ node, signal }) => {
      await node.tell(target, channel, payload, { compress: values["compress"] === true, signal });
      if (values["json"] === true) printData(JSON.stringify({ to: target, channel, bytes: payload.length }));
      else printNote(`told ${payload.length} bytes; nothing says whether they are received`);
    });
    return ExitCode.OK;
  },
};
