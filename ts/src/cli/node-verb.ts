// motet node: a node that runs until it is interrupted and prints what it hears.

import { createInterface } from "node:readline";
import { createNode, type Node } from "../runtime/index.js";
import { printEvent } from "./events.js";
import { identityOf, networkHelp, networkOf, networkOptions } from "./network-options.js";
import {
  authoritiesOf,
  authorityHelp,
  authorityOptions,
  listenerHelp,
  listenerOptions,
  listenerSettings,
} from "./transport-options.js";
import { ExitCode, printData, printNote, reportError, UsageError } from "./usage.js";
import { listOf, textOf, type OptionValues, type Verb } from "./verb.js";

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

function startNode(values: OptionValues, settings: Partial<Parameters<typeof createNode>[0]>): Promise<Node> {
  const anchors = textOf(values, "anchors");
  return createNode({
    network: networkOf(values),
    listen: listOf(values, "listen"),
    bootstrap: listOf(values, "peer"),
    ...(anchors === undefined ? {} : { anchors }),
    ...ringOf(values),
    ...storeOf(values),
    limits: limitsOf(values),
    ...settings,
  });
}

/** How the node comes to the ring. @throws {UsageError} */
function ringOf(values: OptionValues): { readonly ring?: "found" | "join" } {
  const how = textOf(values, "ring");
  if (how === undefined) return {};
  if (how !== "found" && how !== "join")
    throw new UsageError(`--ring ${how} is not understood; write --ring join, or once in a network --ring found`);
  if (how === "join" && listOf(values, "peer").length === 0)
    throw new UsageError(
      "--ring join needs nodes of the ring to begin at; name one, such as --peer tls://127.0.0.1:4000",
    );
  if (listOf(values, "listen").length === 0)
    throw new UsageError("--ring needs an address at which others reach the node; add --listen tls://0.0.0.0:4000");
  return { ring: how };
}

/** Where the node keeps its part of the table. @throws {UsageError} */
function storeOf(values: OptionValues): Pick<Parameters<typeof createNode>[0], "store"> {
  const folder = textOf(values, "store");
  if (folder === undefined) return {};
  if (textOf(values, "ring") === undefined)
    throw new UsageError("--store is for nodes that take part in the ring; add --ring join");
  if (textOf(values, "identity") === undefined)
    throw new UsageError("--store belongs to one identity, and this node has a new one each time; add --identity FILE");
  return { store: { folder, ifDamaged: values["store-anew"] === true ? "empty" : "refuse" } };
}

/** How many peers the node looks for itself. @throws {UsageError} */
function limitsOf(values: OptionValues): { readonly PEERS_TARGET?: number } {
  const text = textOf(values, "peers");
  if (text === undefined) return {};
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`--peers ${text} is no number of peers; write --peers 8`);
  return { PEERS_TARGET: Number(text) };
}

export const nodeVerb: Verb = {
  name: "node",
  summary: "run a node and print what others tell and broadcast",
  forms: ["--network NAME [--listen ADDRESS]… [--peer ADDRESS]… [options]"],
  help: [
    ["--listen ADDRESS", "accept connections there, such as tls://127.0.0.1:4000; port 0 for any; may be repeated"],
    ["--peer ADDRESS", "dial there until it answers; tls://motet1…@HOST:PORT pins the node; may be repeated"],
    ["--peers N", "how many peers to have: the node looks for more until it has as many; 0 for none. Default: 8"],
    ["--ring HOW", "take part in the ring: join it through the --peer addresses, or found it, once in a network"],
    ["--store FOLDER", "keep this node's part of the table there, one folder a node. Default: in memory"],
    ["--store-anew", "put a --store that is damaged aside, and begin an empty one: the neighbours have copies"],
    ["--anchors FILE", "keep two peers there, and dial them first after the next start"],
    ["--say CHANNEL", "send each line of stdin as a broadcast on this channel"],
    ["--serve-echo CHANNEL", "answer what is asked on this channel with the question; may be repeated"],
    ...listenerHelp,
    ...authorityHelp,
    ...networkHelp,
  ],
  notes: [
    "Addresses: tls://HOST:PORT, wss://HOST:PORT/motet; with --plain also tcp://HOST:PORT, ws://HOST:PORT/motet.",
  ],
  options: {
    ...networkOptions,
    ...listenerOptions,
    ...authorityOptions,
    listen: { type: "string", multiple: true },
    peer: { type: "string", multiple: true },
    peers: { type: "string" },
    anchors: { type: "string" },
    store: { type: "string" },
    "store-anew": { type: "boolean" },
    ring: { type: "string" },
    say: { type: "string" },
    "serve-echo": { type: "string", multiple: true },
  },
  async run(values, operands, signal) {
    if (operands.length > 0) throw new UsageError(`"${operands[0]}" is not understood; see motet node --help`);
    const json = values["json"] === true;
    const settings = { ...(await listenerSettings(values)), ...(await authoritiesOf(values)) };
    await using node = await startNode(values, { ...settings, identity: await identityOf(values) });
    for (const channel of listOf(values, "serve-echo")) node.serve(channel, ({ payload }) => payload);
    if (json) printData(JSON.stringify({ event: "started", node: node.idText, addresses: node.addresses }));
    else printNote([`node ${node.idText}`, ...node.addresses.map((address) => `listening at ${address}`)].join("\n"));
    const channel = textOf(values, "say");
    if (channel !== undefined) void sayLines(node, channel, signal);
    for await (const event of node.events({ signal })) printEvent(event, json, Date.now());
    return ExitCode.INTERRUPTED;
  },
};
