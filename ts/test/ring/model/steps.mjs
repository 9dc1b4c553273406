// The atomic steps of one node of the model, as changes of its local state. A step reads other nodes only where a reply is made,
// and then the whole of that node at once: this is the snapshot of STATE. Requests in flight need no state of their own, because
// the reply may be made at any moment after the question; replies in flight have one.

/** What a local state is. Lists are arrays of nodes; -1 is no node. */
export const blank = { status: "absent", list: [], wraps: false, pred: -1, reply: undefined, walk: -1 };
const dead = { ...blank, status: "dead" };

/** Members answer; those that leave do so too, but nobody may rest on them any more. */
const isThere = ({ status }) => status === "member";
export const isMember = ({ status }) => status === "member" || status === "leaving";

const member = (state, change) => ({ ...state, reply: undefined, walk: -1, ...change });

/** The steps of a scope. `rules` may leave out one rule, which makes a mutant. */
export function stepsOf(scope, lists) {
  const { rules } = scope;
  const clean = rules.clean ? lists.clean : lists.cut;
  const nodes = scope.positions.map((_, node) => node);
  const head = (node, { list }) => list[0] ?? node;
  const adopted = (node, { reply }) => clean(node, [reply.from, ...reply.list]);

  const answers = rules.passLeaving ? isThere : isMember;

  function* join(node, states) {
    const state = states[node];
    if (scope.earlier[node] !== undefined && states[scope.earlier[node]].status !== "dead") return;
    for (const other of nodes) {
      const of = states[other];
      if (of.status !== "member" || !lists.between(other, node, head(other, of))) continue;
      const list = of.wraps ? [...of.list, other] : of.list;
      const pred = scope.predecessors ? other : -1;
      yield [node, { ...state, status: "asking", list, wraps: of.wraps, pred }];
    }
  }

  /** With the list of its predecessor a joiner asks the entries in order; from the one that answers on the list is its own. */
  function* ask(node, states) {
    const state = states[node];
    const { list, wraps } = state;
    yield [node, blank];
    if (!rules.confirm) yield [node, settled(node, state)];
    else if (answers(states[list[0]]) || (wraps && list.length === 1)) yield [node, { ...state, status: "confirmed" }];
    else yield [node, list.length === 1 ? blank : { ...state, list: list.slice(1) }];
  }

  const settled = (node, { list, pred }) => ({ ...blank, status: "member", ...clean(node, list), pred });

  function* confirmed(node, states) {
    yield [node, settled(node, states[node])];
    yield [node, blank];
  }

  /** Whom a member may ask now: its head; and the predecessor of whom it asked last, when that is nearer. */
  function* questions(node, states) {
    const state = states[node];
    if (state.walk !== -1) yield state.walk;
    else if (state.list.length > 0) yield state.list[0];
    else if (state.pred !== -1) yield state.pred;
    if (scope.predecessors) return;
    // Predecessors are not kept: any node may be claimed as one, alive or dead, whenever it would be asked.
    for (const other of nodes) if (lists.between(node, other, head(node, state))) yield other;
  }

  /** NOTIFY arrives in the step that sends it, or never. It changes the predecessor only. */
  const notified = (node, states, state) => {
    const to = head(node, state);
    const of = states[to];
    if (!scope.predecessors || to === node || !isMember(of)) return [];
    const nearer = of.pred === -1 || lists.between(of.pred, node, to) || !isMember(states[of.pred]);
    return nearer && of.pred !== node ? [to, { ...of, pred: node }] : [];
  };

  function* finish(node, states, state) {
    const told = notified(node, states, state);
    yield [node, state];
    if (told.length > 0) yield [node, state, ...told];
  }

  function* deliver(node, states) {
    const state = states[node];
    const { pred } = state.reply;
    const next = member(state, adopted(node, state));
    // The reply may get lost: then the question is asked again, or its node has died and is dropped.
    yield [node, member(state, {})];
    if (pred === -1 || !lists.between(node, pred, head(node, next))) yield* finish(node, states, next);
    else if (!rules.askPredecessor) yield* finish(node, states, { ...next, ...clean(node, [pred, ...next.list]) });
    else yield [node, { ...next, walk: pred }];
  }

  function* stabilize(node, states) {
    const state = states[node];
    if (state.reply !== undefined) return yield* deliver(node, states);
    // Who leaves ends what is under way and begins nothing.
    if (state.status === "leaving") return undefined;
    for (const other of questions(node, states)) {
      const of = states[other];
      // Of a head that leaves nothing is taken while another entry answers, and one does; a predecessor that leaves ends the walk.
      if (!isThere(of)) continue;
      const { list } = of;
      yield [node, { ...state, walk: -1, reply: { from: other, list, pred: scope.predecessors ? of.pred : -1 } }];
    }
    if (state.walk !== -1) return yield* finish(node, states, { ...state, walk: -1 });
    const [first] = state.list;
    // Who leaves may have said so here: then it counts as failed from now on.
    if (first !== undefined && !isThere(states[first])) {
      const list = state.list.slice(1);
      yield [node, { ...state, list, wraps: list.length === 0 || state.wraps }];
    }
    return undefined;
  }

  /** Failing and leaving are allowed while it leaves every list, and every list that a reply in flight would make, a live entry. */
  const mayFail = (node, states) =>
    states.every((state, other) => {
      if (other === node || scope.founder === other) return true;
      const lives = (list) => list.some((entry) => entry !== node && isThere(states[entry]));
      if (isThere(state) && !lives(state.list)) return false;
      if (!rules.careInFlight) return true;
      if (state.status === "confirmed") return lives(clean(other, state.list).list);
      return state.reply === undefined || lives(adopted(other, state).list);
    });

  /** Every step that some node can make, as [node, its new state, another node, its new state]. */
  return function* steps(states) {
    for (const node of nodes) {
      const { status } = states[node];
      if (status === "absent") yield* join(node, states);
      else if (status === "asking") yield* ask(node, states);
      else if (status === "confirmed") yield* confirmed(node, states);
      else if (status !== "dead") {
        yield* stabilize(node, states);
        if (scope.base.includes(node)) continue;
        if (!mayFail(node, states)) continue;
        yield [node, dead];
        if (scope.leaves && status === "member") yield [node, { ...states[node], status: "leaving" }];
      }
    }
  };
}
