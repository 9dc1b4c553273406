// motet broadcast: joins a network for as long as it takes to send one broadcast.

import { formatHex } from "../bytes/index.js";
import { join, joiningHelp, joiningOptions } from "./joining.js";
import { ExitCode, printData, printNote, UsageError } from "./usage.js";
import { textOf, type Verb } from "./verb.js";

export const broadcastVerb: Verb = {
  name: "broadcast",
  summary: "send one broadcast to a network",
  forms: ["TEXT --network NAME --peer ADDRESS… [options]"],
  help: [["--channel NAME", "the channel, at most 64 bytes. Default: chat"], ...joiningHelp],
  options: { ...joiningOptions, channel: { type: "string" } },
  async run(values, operands, interruption) {
    const [text, ...others] = operands;
    if (text === undefined || others.length > 0)
      throw new UsageError("name exactly one text to send, in quotes; see motet broadcast --help");
    await join(values, interruption, async ({ node, signal }) => {
      const channel = textOf(values, "channel") ?? "chat";
      const { sequence, id } = await node.broadcast(channel, Buffer.from(text), { signal });
      if (values["json"] === true)
        printData(JSON.stringify({ origin: node.idText, sequence: `${sequence}`, id: formatHex(id) }));
      else printNote(`sent as ${node.idText} number ${sequence}`);
    });
    return ExitCode.OK;
  },
};
