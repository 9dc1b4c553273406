// The scopes that are explored: which nodes, how they start, which rules hold. Two nodes of one position are two incarnations of one
// node; up to rotation and exchange of equal nodes these are all orders.
import { blank } from "./steps.mjs";

const allRules = { clean: true, careInFlight: true, confirm: true, askPredecessor: true, passLeaving: true };

/** A scope with one rule left out, or with all. */
export const withRules = (scope, rule) => ({ ...scope, rules: { ...allRules, ...(rule && { [rule]: false }) } });

const member = (list, change = {}) => ({ ...blank, status: "member", list, ...change });

/** Three base nodes in an ideal ring, which never fail, and others at `others`, positions between them; r = 2. */
function withBase(places, others, more = {}) {
  const positions = [...places, ...others];
  const start = [
    member([1, 2], { wraps: true, pred: more.predecessors ? 2 : -1 }),
    member([2, 0], { wraps: true, pred: more.predecessors ? 0 : -1 }),
    member([0, 1], { wraps: true, pred: more.predecessors ? 1 : -1 }),
    ...others.map(() => blank),
  ];
  return { positions, listMost: 2, base: [0, 1, 2], start, earlier: {}, predecessors: false, leaves: false, ...more };
}

/** A founder alone, which never fails, and others that join, fail and come back as another incarnation; r = 2. */
function founded(others, more = {}) {
  const positions = [0, ...others];
  const start = [member([], { wraps: true }), ...others.map(() => blank)];
  return {
    positions,
    listMost: 2,
    base: [0],
    founder: 0,
    start,
    earlier: {},
    predecessors: false,
    leaves: false,
    ...more,
  };
}

const everything = { leaves: true };
const predecessors = { leaves: true, predecessors: true };
const small = { isSmall: true };

/** All scopes by name. Those that `isSmall` run with every test. */
export const scopes = {
  "base 3 + 1, predecessors kept": { ...withBase([0, 2, 3], [1], predecessors), ...small },
  "base 3 + 1 in two lives": { ...withBase([0, 2, 3], [1, 1], { ...everything, earlier: { 4: 3 } }), ...small },
  "base 3 + 2 in one gap": { ...withBase([0, 3, 4], [1, 2], everything), ...small },
  "base 3 + 2 in two gaps": { ...withBase([0, 2, 4], [1, 3], everything), ...small },
  "base 3 + 2 in one gap, predecessors kept": withBase([0, 3, 4], [1, 2], predecessors),
  "base 3 + 2 in two gaps, predecessors kept": withBase([0, 2, 4], [1, 3], predecessors),
  "founder + 2, predecessors kept": { ...founded([1, 2], predecessors), ...small },
  "founder + 3 that do not leave": { ...founded([1, 2, 3]), ...small },
  "founder + 3": founded([1, 2, 3], everything),
  "founder + 3 that do not leave, predecessors kept": founded([1, 2, 3], { predecessors: true }),
  "founder + 2 + 1 in two lives, not leaving": founded([1, 2, 3, 3], { earlier: { 4: 3 } }),
};

/** One rule left out of each, the scope that shows it, and what is violated then. */
export const mutants = {
  "lists are not cleaned": { rule: "clean", scope: "founder + 2, predecessors kept", violates: "I3 ordered lists" },
  "failures heed no replies in flight": {
    rule: "careInFlight",
    scope: "base 3 + 2 in one gap",
    violates: "I1 a live entry",
  },
  "joining without an answer of the head": {
    rule: "confirm",
    scope: "founder + 3 that do not leave",
    violates: "I1 a live entry",
  },
  "predecessors are adopted unasked": {
    rule: "askPredecessor",
    scope: "base 3 + 2 in one gap, predecessors kept",
    violates: "I1 a live entry",
  },
  "a joiner takes an entry that leaves": { rule: "passLeaving", scope: "founder + 3", violates: "I1 a live entry" },
};
