// motet lookup: which node of the ring owns a position, and the way there.

import { formatHex, parseHex } from "../bytes/index.js";
import { formatNodeId } from "../identity/index.js";
import type { Node, RingOwner } from "../runtime/index.js";
import { asRingClient, ringClientHelp, ringClientOptions } from "./ring-client.js";
import { ExitCode, printData, UsageError } from "./usage.js";
import type { Verb } from "./verb.js";

/** A position as a person names it. @throws {UsageError} @throws {ProtocolError} BAD_TEXT, BAD_KEY */
function positionOf(node: Node, key: string): Uint8Array {
  if (key.startsWith("node:")) return node.ring.positionOf(key.slice("node:".length));
  const position = parseHex(key);
  if (position?.length === 32) return position;
  throw new UsageError(`"${key}" is no position; write 64 hexadecimal digits, or node:motet1… for that of a node`);
}

const milliseconds = (ms: number): string => `${Math.round(ms)} ms`;

function describe({ owner, hops, path }: RingOwner, tookMs: number): string {
  const rows = path.map(({ nodeId, ms }, i) => `${i + 1}  ${formatNodeId(nodeId)}  ${milliseconds(ms)}`);
  const summary = `${hops} ${hops === 1 ? "hop" : "hops"}, ${milliseconds(tookMs)} in all`;
  return [...rows, `owner ${formatNodeId(owner)}  (${summary})`].join("\n");
}

function toJson(target: Uint8Array, { owner, hops, path }: RingOwner, tookMs: number): string {
  const steps = path.map(({ nodeId, ms }) => ({ node: formatNodeId(nodeId), ms: Math.round(ms) }));
  const what = { position: formatHex(target), owner: formatNodeId(owner), hops };
  return JSON.stringify({ ...what, ms: Math.round(tookMs), path: steps });
}

export const lookupVerb: Verb = {
  name: "lookup",
  summary: "find the node of the ring that owns a position",
  forms: ["KEY ADDRESS… --network NAME [options]"],
  help: [
    ["KEY", "a position: 64 hexadecimal digits, or node:motet1… for that of a node"],
    ["ADDRESS", "a node of the ring to begin at, tls://[motet1…@]HOST:PORT; several are begun at side by side"],
    ...ringClientHelp,
  ],
  options: ringClientOptions,
  async run(values, operands, interruption) {
    const [key, ...through] = operands;
    if (key === undefined || through.length === 0)
      throw new UsageError("name a key and an address of a node of the ring; see motet lookup --help");
    await asRingClient(values, interruption, async (node, signal) => {
      const target = positionOf(node, key);
      const since = performance.now();
      const found = await node.ring.lookup(target, { through, signal });
      const tookMs = performance.now() - since;
      printData(values["json"] === true ? toJson(target, found, tookMs) : describe(found, tookMs));
    });
    return ExitCode.OK;
  },
};
