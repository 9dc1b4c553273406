// motet ask: one question to one node; its answer is the data.

import { formatHex } from "../bytes/index.js";
import { join, joiningHelp, joiningOptions } from "./joining.js";
import { payloadHelp, payloadOf, payloadOptions } from "./payload-operand.js";
import { showLines } from "./show.js";
import { ExitCode, printData, UsageError } from "./usage.js";
import type { Verb } from "./verb.js";

export const askVerb: Verb = {
  name: "ask",
  summary: "ask one node, wherever in the network it is, and print its answer",
  forms: ["NODE-ID CHANNEL TEXT --network NAME --peer ADDRESS… [options]"],
  help: [
    ["--raw", "the bytes of the answer as they are. Default: text where it is some, else hexadecimal"],
    ...payloadHelp,
    ...joiningHelp,
  ],
  options: { ...joiningOptions, ...payloadOptions, raw: { type: "boolean" } },
  async run(values, operands, interruption) {
    const [target, channel, ...rest] = operands;
    if (target === undefined || channel === undefined)
      throw new UsageError("name a node id, a channel and a text; see motet ask --help");
    const payload = await payloadOf(values, "ask", rest);
    const answer = await join(values, interruption, ({ node, signal, leftMs }) =>
      node.ask(target, channel, payload, { compress: values["compress"] === true, timeoutMs: leftMs(), signal }),
    );
    if (values["json"] === true) printData(JSON.stringify({ answer: formatHex(answer) }));
    else if (values["raw"] === true) process.stdout.write(answer);
    else printData(showLines(answer));
    return ExitCode.OK;
  },
};
