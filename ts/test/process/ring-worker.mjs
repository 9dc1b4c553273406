// What a process of the ring test does on the ring when it is told to, and what it tells of it. What is right is not its
// business: the parent knows who lives.

const hex = (bytes) => Buffer.from(bytes).toString("hex");

/** Tells every change of the node's phase. */
export function watchRing(node, tell) {
  node.on("ring", ({ phase }) => tell({ type: "phase", phase, at: Date.now() }));
  // It may have founded before anybody could listen.
  tell({ type: "phase", phase: node.ring.state().phase, at: Date.now() });
  tell({ type: "position", position: hex(node.ring.positionOf(node.id)) });
}

async function lookUp(node, target) {
  const begun = performance.now();
  try {
    const { owner, hops } = await node.ring.lookup(Buffer.from(target, "hex"));
    return { target, owner: hex(owner), hops, ms: performance.now() - begun };
  } catch ({ code, message }) {
    return { target, code: code ?? message, ms: performance.now() - begun };
  }
}

/** Looks up positions, one after the other; tells what came of them. */
export async function lookUpAll(node, tell, { number, targets }) {
  const results = [];
  for (const target of targets) results.push(await lookUp(node, target));
  tell({ type: "lookedUp", number, results });
}

/** Tells who is next to it. */
export function tellNeighbours(node, tell, { number }) {
  const { phase, successors, predecessor } = node.ring.state();
  const ids = successors.map(({ nodeId }) => hex(nodeId));
  tell({ type: "neighbours", number, phase, successors: ids, predecessor: hex(predecessor?.nodeId ?? []) });
}
