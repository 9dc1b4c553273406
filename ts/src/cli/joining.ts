// Verbs that join a network for as long as one thing takes: through which nodes, and how long it may take in all.

import { ProtocolError } from "../errors/index.js";
import { createNode, type Node } from "../runtime/index.js";
import { identityOf, networkHelp, networkOf, networkOptions } from "./network-options.js";
import { authoritiesOf, authorityHelp, authorityOptions } from "./transport-options.js";
import { UsageError } from "./usage.js";
import { listOf, textOf, type OptionValues, type Verb } from "./verb.js";

const defaultTimeoutMs = 10_000;

export const joiningOptions = {
  ...networkOptions,
  ...authorityOptions,
  peer: { type: "string", multiple: true },
  timeout: { type: "string" },
} as const satisfies Verb["options"];

export const joiningHelp: Verb["help"] = [
  ["--peer ADDRESS", "a node of the network to go through, tls://[motet1…@]HOST:PORT; may be repeated (required)"],
  ["--timeout MS", `how long it may take in all. Default: ${defaultTimeoutMs}`],
  ...networkHelp,
  ...authorityHelp,
];

/** A node that has a peer. */
export interface Joined {
  readonly node: Node;
  /** Aborts when the person wants to stop, or time is over. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left, at least 1. */
  readonly leftMs: () => number;
}

function timeoutOf(values: OptionValues): number {
  const text = textOf(values, "timeout");
  const timeout = text === undefined ? defaultTimeoutMs : Number(text);
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > 86_400_000)
    throw new UsageError(`--timeout ${text} is no number of milliseconds; write --timeout 5000`);
  return timeout;
}

/** Joins the network that options name, does one thing, and leaves. @throws {UsageError} @throws {ProtocolError} */
export async function join<T>(
  values: OptionValues,
  interruption: AbortSignal,
  task: (joined: Joined) => Promise<T>,
): Promise<T> {
  const addresses = listOf(values, "peer");
  if (addresses.length === 0)
    throw new UsageError("--peer is missing; name a node of the network, such as --peer tls://127.0.0.1:4000");
  const timeoutMs = timeoutOf(values);
  const network = networkOf(values);
  // It stays too briefly to be worth more peers.
  const limits = { PEERS_TARGET: 0 };
  const options = { network, limits, identity: await identityOf(values), ...(await authoritiesOf(values)) };
  await using node = await createNode(options);
  const dueAt = Date.now() + timeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([interruption, timeout]);
  for (const address of addresses) node.dial(address);
  await waitForPeer(node, addresses.length, signal);
  try {
    return await task({ node, signal, leftMs: () => Math.max(1, dueAt - Date.now()) });
  } catch (error) {
    if (!timeout.aborted || error !== timeout.reason) throw error;
    throw new ProtocolError("TIMEOUT", `not done within ${timeoutMs} ms; raise --timeout`, { origin: "timeout" });
  }
}

/** Waits for the first peer; refusals end it early when every address has refused. */
async function waitForPeer(node: Node, addresses: number, signal: AbortSignal): Promise<void> {
  let refusals = 0;
  let last: ProtocolError | undefined;
  for await (const event of node.events({ signal })) {
    if (event.type === "peer.up") return;
    if (event.type !== "refused") continue;
    // What stands behind the semicolon is for applications; the command line has next steps of its own.
    const [said] = event.text.split("; ");
    const text = event.code === "UNREACHABLE" ? event.text : `${event.address}: ${said || "refused"}`;
    last = new ProtocolError(event.code, text, { origin: "transport" });
    if (++refusals === addresses) throw last;
  }
  throw last ?? new ProtocolError("TIMEOUT", "no peer answered in time", { origin: "timeout" });
}
