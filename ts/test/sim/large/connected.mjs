// Who can be reached from a node over nodes and links that lived: what coverage is measured against.

/** One byte per node, 1 where it is reachable; `lived` says it of a node, `isLink` of a half-link. */
export function reachable({ nodes, degree, neighbour }, source, lived, isLink = () => true) {
  const found = new Uint8Array(nodes);
  const waiting = [source];
  found[source] = 1;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (let half = node * degree, end = half + degree; half < end; half++) {
      const other = neighbour[half];
      if (found[other] === 1 || !lived(other) || !isLink(half)) continue;
      found[other] = 1;
      waiting.push(other);
    }
  }
  return found;
}

export const countOf = (marks) => marks.reduce((sum, mark) => sum + mark, 0);
