// Verbs that ask the ring without taking part: a node without peers that dials whom the person names, and says why it could not.

import { ProtocolError } from "../errors/index.js";
import { createNode, type Node } from "../runtime/index.js";
import { identityOf, networkHelp, networkOf, networkOptions } from "./network-options.js";
import { authoritiesOf, authorityHelp, authorityOptions } from "./transport-options.js";
import { UsageError } from "./usage.js";
import { textOf, type OptionValues, type Verb } from "./verb.js";

const defaultTimeoutMs = 15_000;

export const ringClientOptions = {
  ...networkOptions,
  ...authorityOptions,
  timeout: { type: "string" },
} as const satisfies Verb["options"];

export const ringClientHelp: Verb["help"] = [
  ["--timeout MS", `how long it may take in all. Default: ${defaultTimeoutMs}`],
  ...networkHelp,
  ...authorityHelp,
];

/** Does one thing as a client of the ring. @throws {UsageError} @throws {ProtocolError} */
export async function asRingClient<T>(
  values: OptionValues,
  interruption: AbortSignal,
  task: (node: Node, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const text = textOf(values, "timeout");
  const timeoutMs = text === undefined ? defaultTimeoutMs : Number(text);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 86_400_000)
    throw new UsageError(`--timeout ${text} is no number of milliseconds; write --timeout 5000`);
  const options = { network: networkOf(values), limits: { PEERS_TARGET: 0 }, identity: await identityOf(values) };
  await using node = await createNode({ ...options, ...(await authoritiesOf(values)) });
  const timeout = AbortSignal.timeout(timeoutMs);
  let refusal: ProtocolError | undefined;
  node.on("refused", ({ code, address, text: why }) => {
    const [said] = why.split("; ");
    const what = code === "UNREACHABLE" ? why : `${address}: ${said || "refused"}`;
    refusal = new ProtocolError(code, what, { origin: "transport" });
  });
  try {
    return await task(node, AbortSignal.any([interruption, timeout]));
  } catch (error) {
    if (timeout.aborted && error === timeout.reason)
      throw new ProtocolError("TIMEOUT", `not done within ${timeoutMs} ms; raise --timeout`, { origin: "timeout" });
    if (!(error instanceof ProtocolError) || error.code !== "UNREACHABLE") throw error;
    // Why nobody could be reached says more than that.
    throw refusal ?? new ProtocolError("UNREACHABLE", `${error.what}; check that the node runs with --ring`);
  }
}
