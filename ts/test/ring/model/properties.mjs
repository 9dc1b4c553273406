// What must be true in every state of the model: I1 to I3 over lists and replies in flight, and what they are for: one ordered
// ring that everybody hangs on.
import { isMember } from "./steps.mjs";

/** Facts of one local state that do not depend on others: computed once for each. */
export function factsOf(node, state, lists) {
  const { list, wraps, reply } = state;
  let skipped = 0;
  const count = (of, { list, wraps }) => {
    skipped |= lists.skippedBy(of, list, wraps);
  };
  if (isMember(state)) count(node, state);
  else if (list.length > 0) count(node, lists.clean(node, list));
  if (reply) {
    count(reply.from, { list: reply.list, wraps: false });
    count(node, lists.clean(node, [reply.from, ...reply.list]));
  }
  return {
    isThere: state.status === "member",
    entries: list.reduce((bits, entry) => bits | (1 << entry), 0),
    skipped,
    isOrdered: !isMember(state) || (lists.isOrdered(node, list) && (list.length > 0 || wraps)),
  };
}

/** Walks from `start` along first live entries until a node repeats; answers the nodes of the ring that it ends on. */
function ringFrom(start, next) {
  let seen = 0;
  let at = start;
  for (; (seen & (1 << at)) === 0; at = next[at]) seen |= 1 << at;
  const ring = [at];
  for (let node = next[at]; node !== at; node = next[node]) ring.push(node);
  return ring;
}

/** Whether the members form one ring, in order, with everybody else on it or before it. */
function ringFault(states, members, lists) {
  const lives = (entry) => (members & (1 << entry)) !== 0;
  const next = states.map(({ list }, node) => list.find(lives) ?? node);
  let ring;
  let bits = 0;
  for (let node = 0; node < states.length; node++) {
    if (!lives(node)) continue;
    const found = ringFrom(node, next);
    const own = found.reduce((sum, other) => sum | (1 << other), 0);
    if (ring === undefined) [ring, bits] = [found, own];
    else if (own !== bits) return "at most one ring";
  }
  if (ring === undefined) return "at least one ring";
  if (ring.length === 1) return undefined;
  for (const node of ring) {
    const skipped = lists.skippedBy(node, [next[node]], false);
    if ((skipped & bits) !== 0) return "ordered ring";
  }
  return undefined;
}

/** The first property that a state violates. `facts` are those of its local states. */
export function violated({ scope, lists, baseBits }, states, facts) {
  let [members, skipped] = [0, 0];
  for (let node = 0; node < facts.length; node++) {
    if (facts[node].isThere) members |= 1 << node;
    skipped |= facts[node].skipped;
    if (!facts[node].isOrdered) return "I3 ordered lists";
  }
  for (let node = 0; node < facts.length; node++) {
    if (!facts[node].isThere || (facts[node].entries & members) !== 0 || node === scope.founder) continue;
    return "I1 a live entry";
  }
  if ((skipped & baseBits) !== 0) return "I2 principals";
  return ringFault(states, members, lists);
}
