// Arithmetic of lists in the model: positions are small integers, nodes are their index in the scope. Knows chapter 7's `between`,
// `clean` and what it means that a list skips a node; knows nothing of steps.

/** The functions for one scope: `positions[node]`, lists of at most `listMost` nodes. Two incarnations of a node share a position. */
export function listsOf({ positions, listMost }) {
  const size = Math.max(...positions) + 1;
  const distance = (from, to) => (positions[to] - positions[from] + size) % size;

  const between = (from, node, to) => {
    const whole = distance(from, to);
    const part = distance(from, node);
    return whole === 0 ? part !== 0 : part > 0 && part < whole;
  };

  /** Drops self and all after it, cuts where order ends, cuts to the length. */
  const clean = (self, entries) => {
    const list = [];
    let before = 0;
    for (const entry of entries) {
      const far = distance(self, entry);
      if (far === 0) return { list: list.slice(0, listMost), wraps: true };
      if (far <= before) break;
      before = far;
      list.push(entry);
    }
    return { list: list.slice(0, listMost), wraps: false };
  };

  /** The rule left out, for a mutant: only cut to the length. */
  const cut = (_self, entries) => ({ list: entries.slice(0, listMost), wraps: false });

  /** Which nodes (bits) lie strictly between two neighbours of self ‖ list, and between its end and self when the list wraps. */
  const skippedBy = (self, list, wraps) => {
    const chain = wraps ? [self, ...list, self] : [self, ...list];
    let skipped = 0;
    for (let i = 1; i < chain.length; i++) {
      for (let node = 0; node < positions.length; node++) {
        if (between(chain[i - 1], node, chain[i])) skipped |= 1 << node;
      }
    }
    return skipped;
  };

  const isOrdered = (self, list) => {
    if (list.length > listMost) return false;
    return list.every((entry, i) => distance(self, entry) > (i === 0 ? 0 : distance(self, list[i - 1])));
  };

  return { distance, between, clean, cut, skippedBy, isOrdered };
}
