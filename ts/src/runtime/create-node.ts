// Makes a node as its options say.

import { AnchorFile } from "./anchor-file.js";
import { createIdentity, type Identity } from "./identity.js";
import { Node } from "./node.js";
import { networkOfOptions, type NodeOptions } from "./options.js";
import { openStore, type NodeStore } from "./store/index.js";

/**
 * Makes a node, listens where it was told, and dials its bootstrap addresses in the background.
 * @throws {ProtocolError} MISUSE, MALFORMED, BAD_TEXT, UNREACHABLE when an address cannot be listened at
 */
export async function createNode(options: NodeOptions): Promise<Node> {
  const identity = options.identity ?? createIdentity();
  const store = await openStore(options.store, networkOfOptions(options.network).id, identity.nodeId);
  const node = await make(options, identity, store);
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

/** A node that is not open; what it was to have is closed when it cannot be made. */
async function make(options: NodeOptions, identity: Identity, store: NodeStore): Promise<Node> {
  try {
    return new Node(options, identity, await AnchorFile.open(options.anchors), store);
  } catch (error) {
    await store.close();
    throw error;
  }
}
