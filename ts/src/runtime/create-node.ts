// Makes a node as its options say.

import { AnchorFile } from "./anchor-file.js";
import { createIdentity } from "./identity.js";
import { Node } from "./node.js";
import type { NodeOptions } from "./options.js";

/**
 * Makes a node, listens where it was told, and dials its bootstrap addresses in the background.
 * @throws {ProtocolError} MISUSE, MALFORMED, BAD_TEXT, UNREACHABLE when an address cannot be listened at
 */
export async function createNode(options: NodeOptions): Promise<Node> {
  const node = new Node(options, options.identity ?? createIdentity(), await AnchorFile.open(options.anchors));
  try {
    await node.open(options.listen ?? [], options.host);
    const { bootstrap = [], ring } = options;
    if (ring === "found" || ring === "join") node.ring[ring](bootstrap, { keep: true });
    else for (const address of bootstrap) node.dial(address, { keep: true });
  } catch (error) {
    await node.close();
    throw error;
  }
  return node;
}
