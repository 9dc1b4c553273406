// motet node: a node that runs until it is interrupted and prints what it hears.

import { createInterface } from "node:readline";
import { createNode, type Node } from "../runtime/index.js";
import { printEvent } from "./events.js";
import { identityOf, networkHelp, networkOf, networkOptions } from "./network-options.js";
import { ExitCode, printData, printNote, reportError, UsageError } from "./usage.js";
import { listOf, textOf, type Verb } from "./verb.js";

/** Sends stdin line by line; a line that cannot be sent is told and skipped. */
async function sayLines(node: Node, channel: string, signal: AbortSignal): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  signal.addEventListener("abort", () => lines.close(), { once: true });
  for await (const line of lines) {
    try {
      await node.broadcast(channel, Buffer.from(line), { signal });
    } catch (error) {
      if (!signal.aborted) reportError(error);
    }
  }
}

export const nodeVerb: Verb = {
  name: "node",
  summary: "run a node and print the broadcasts that reach it",
  forms: ["--network NAME [--listen ADDRESS]… [--peer ADDRESS]… [options]"],
  help: [
    ["--listen ADDRESS", "accept connections there, such as tcp://127.0.0.1:4000; port 0 for any; may be repeated"],
    [
      "--peer ADDRESS",
      "dial there, again and again until it answers; tcp://motet1…@HOST:PORT pins the node; may be repeated",
    ],
    ["--say CHANNEL", "send each line of stdin as a broadcast on this channel"],
    ...networkHelp,
  ],
  options: {
    ...networkOptions,
    listen: { type: "string", multiple: true },
    peer: { type: "string", multiple: true },
    say: { type: "string" },
  },
  async run(values, operands, signal) {
    if (operands.length > 0) throw new UsageError(`"${operands[0]}" is not understood; see motet node --help`);
    const json = values["json"] === true;
    const identity = await identityOf(values);
    await using node = await createNode({
      network: networkOf(values),
      identity,
      listen: listOf(values, "listen"),
      bootstrap: listOf(values, "peer"),
    });
    if (json) printData(JSON.stringify({ event: "started", node: node.idText, addresses: node.addresses }));
    else printNote([`node ${node.idText}`, ...node.addresses.map((address) => `listening at ${address}`)].join("\n"));
    const channel = textOf(values, "say");
    if (channel !== undefined) void sayLines(node, channel, signal);
    for await (const event of node.events({ signal })) printEvent(event, json, Date.now());
    return ExitCode.INTERRUPTED;
  },
};
