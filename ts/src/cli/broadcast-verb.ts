// motet broadcast: joins a network for as long as it takes to send one broadcast.

import { formatHex } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { createNode, type Node } from "../runtime/index.js";
import { identityOf, networkHelp, networkOf, networkOptions } from "./network-options.js";
import { ExitCode, printData, printNote, UsageError } from "./usage.js";
import { listOf, textOf, type Verb } from "./verb.js";

const defaultTimeoutMs = 10_000;

function timeoutOf(text: string | undefined): number {
  const timeout = text === undefined ? defaultTimeoutMs : Number(text);
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > 2 ** 31 - 1) {
    throw new UsageError(`--timeout ${text} is no number of milliseconds; write --timeout 5000`);
  }
  return timeout;
}

/** Waits for the first peer; an address that refuses for good ends it early when there is no other. */
async function waitForPeer(node: Node, addresses: number, signal: AbortSignal): Promise<void> {
  let refusals = 0;
  let last: ProtocolError | undefined;
  for await (const event of node.events({ signal })) {
    if (event.type === "peer.up") return;
    if (event.type !== "refused") continue;
    last = new ProtocolError(
      event.code,
      event.code === "UNREACHABLE"
        ? event.text
        : `${event.address}: ${event.text || "refused"}; check network and options`,
      {
        origin: "transport",
      },
    );
    if (++refusals === addresses) throw last;
  }
  throw (
    last ??
    new ProtocolError("TIMEOUT", "no peer answered in time; check --peer or raise --timeout", { origin: "timeout" })
  );
}

export const broadcastVerb: Verb = {
  name: "broadcast",
  summary: "send one broadcast to a network",
  forms: ["TEXT --network NAME --peer ADDRESS… [options]"],
  help: [
    ["--peer ADDRESS", "a node of the network to send through; may be repeated (required)"],
    ["--channel NAME", "the channel, at most 64 bytes. Default: chat"],
    ["--timeout MS", `how long to wait for a peer. Default: ${defaultTimeoutMs}`],
    ...networkHelp,
  ],
  options: {
    ...networkOptions,
    peer: { type: "string", multiple: true },
    channel: { type: "string" },
    timeout: { type: "string" },
  },
  async run(values, operands, signal) {
    const [text, ...others] = operands;
    if (text === undefined || others.length > 0)
      throw new UsageError("name exactly one text to send, in quotes; see motet broadcast --help");
    const addresses = listOf(values, "peer");
    if (addresses.length === 0)
      throw new UsageError("--peer is missing; name a node of the network, such as --peer tcp://127.0.0.1:4000");
    const timeout = timeoutOf(textOf(values, "timeout"));
    await using node = await createNode({ network: networkOf(values), identity: await identityOf(values) });
    for (const address of addresses) node.dial(address);
    await waitForPeer(node, addresses.length, AbortSignal.any([signal, AbortSignal.timeout(timeout)]));
    const { sequence, id } = await node.broadcast(textOf(values, "channel") ?? "chat", Buffer.from(text), { signal });
    if (values["json"] === true)
      printData(JSON.stringify({ origin: node.idText, sequence: `${sequence}`, id: formatHex(id) }));
    else printNote(`sent as ${node.idText} number ${sequence}`);
    return ExitCode.OK;
  },
};
