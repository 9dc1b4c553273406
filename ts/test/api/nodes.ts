// Nodes inside this process, for tests of the public API: joined in memory, closed at the end of each test.

import { afterEach } from "vitest";
import { createNode, type EventMap, type Node, type NodeOptions } from "../../src/index.js";

const open: Node[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((node) => node.close()));
});

/** A node that is closed when the test ends. It looks for no peers of its own accord, unless the limits say so. */
export async function node(options: Partial<NodeOptions> = {}): Promise<Node> {
  const limits = { PEERS_TARGET: 0, ...options.limits };
  const made = await createNode({ network: "api", listen: ["memory://any"], ...options, limits });
  open.push(made);
  return made;
}

/** The next event of a type that fits. */
export function next<T extends keyof EventMap>(
  from: Node,
  type: T,
  fits: (event: EventMap[T]) => boolean = () => true,
): Promise<EventMap[T]> {
  return new Promise((resolve) => {
    const subscription = from.on(type, (event) => {
      if (!fits(event)) return;
      subscription[Symbol.dispose]();
      resolve(event);
    });
  });
}

export const addressOf = (of: Node): string => of.addresses[0] ?? "";

/** Two nodes that are peers. */
export async function pair(options: Partial<NodeOptions> = {}): Promise<[Node, Node]> {
  const [a, b] = [await node(options), await node(options)];
  const up = Promise.all([next(a, "peer.up"), next(b, "peer.up")]);
  a.dial(addressOf(b));
  await up;
  return [a, b];
}
