// What rings of machines do: grow by doubling, answer lookups, lose many at once, live with steady churn.
import { roundMs, World } from "./world.mjs";

const roundsMost = 60;
/** Nodes of the smallest ring; from there on it doubles. */
const least = 16;

/** Rounds of RING_STABILIZE_MS until `isDone`. */
function roundsUntil(world, isDone, perRound = 1) {
  const began = world.now;
  for (let i = 1; i <= roundsMost * perRound; i++) {
    world.pass(began + (i * roundMs) / perRound);
    if (isDone(world.faults())) return i / perRound;
  }
  return Infinity;
}

const isIdeal = ({ dead, wrong, predecessors, lists, joining }) => dead + wrong + predecessors + lists + joining === 0;

/** A ring of `nodes` nodes, grown by doubling; and the rounds that each doubling took. */
export function grow({ nodes, r, seed, tellsEnds }) {
  const world = new World({ seed, r, tellsEnds });
  const doublings = [];
  let size = Math.min(nodes, least);
  while (size * 2 < nodes) size *= 2;
  size = nodes / 2 ** Math.round(Math.log2(nodes / least));
  for (let target = Math.round(size); ; target = Math.min(nodes, target * 2)) {
    const before = world.ring.length;
    const began = world.now;
    while (world.ring.length < target) world.join();
    const rounds = roundsUntil(world, isIdeal);
    doublings.push({ from: before, to: target, rounds, seconds: (world.now - began) / 1000 });
    if (target >= nodes) return { world, doublings };
  }
}

/** Lets fingers be looked up: one in each round, which in a quiet ring is every 30 s. */
const fillFingers = (world) => world.pass(world.now + 16 * 30_000);

export function playQuiet({ nodes, r, seed, lookups }) {
  const { world, doublings } = grow({ nodes, r, seed });
  fillFingers(world);
  const quietMs = 120_000;
  world.sent = {};
  world.pass(world.now + quietMs);
  const perNode = (count) => (1000 * count) / quietMs / nodes;
  const sent = Object.fromEntries(Object.entries(world.sent).map(([type, count]) => [type, perNode(count)]));
  return { nodes, r, doublings, fingers: world.fingers(), sent, ...look(world, lookups) };
}

function look(world, lookups) {
  const counts = new Array(66).fill(0);
  let [right, nearly, found, sum] = [0, 0, 0, 0];
  for (let i = 0; i < lookups; i++) {
    const { hops, isRight, isNearly, isFound } = world.lookUp();
    counts[hops]++;
    sum += hops;
    found += isFound ? 1 : 0;
    right += isRight ? 1 : 0;
    nearly += isNearly ? 1 : 0;
  }
  let seen = 0;
  const p99 = counts.findIndex((count) => (seen += count) >= 0.99 * lookups);
  return { lookups, found, right, nearly, mean: sum / lookups, p99, most: counts.findLastIndex(Boolean) };
}

/** Part of the ring dies at once. Rounds until heads and predecessors, then full lists, are right; lookups before and after. */
export function playRepair({ nodes, r, seed, share, tellsEnds, lookups }) {
  const { world } = grow({ nodes, r, seed, tellsEnds });
  fillFingers(world);
  for (const life of world.random.shuffled(world.ring).slice(0, Math.round(share * nodes))) world.kill(life);
  const atOnce = look(world, lookups);
  const perRound = 4;
  const heads = roundsUntil(world, ({ dead, wrong, predecessors }) => dead + wrong + predecessors === 0, perRound);
  const afterHeads = look(world, lookups);
  const lists = heads + roundsUntil(world, isIdeal, perRound);
  return { nodes, r, share, tellsEnds, heads, lists, atOnce, afterHeads };
}

/** Deaths and joins at a steady rate, `lifeRounds` rounds for the mean life. */
export function playChurn({ nodes, r, seed, lifeRounds, seconds, tellsEnds, lookups }) {
  const { world } = grow({ nodes, r, seed, tellsEnds });
  fillFingers(world);
  const everyMs = (lifeRounds * roundMs) / nodes;
  const sums = { dead: 0, wrong: 0, predecessors: 0, members: 0, samples: 0 };
  const looked = { lookups: 0, right: 0, nearly: 0, found: 0, hops: 0 };
  const began = world.now;
  const settleMs = 2 * 60_000;
  let [next, sampleAt] = [began, began + settleMs];
  world.sent = {};
  while (next < began + 1000 * seconds) {
    // Deaths and joins come at random moments: the waits are exponential. Samples come at moments of their own.
    next += -everyMs * Math.log((world.random.next() + 1) / 2 ** 32);
    for (; sampleAt < next; sampleAt += roundMs) {
      world.pass(sampleAt);
      sample(world, sums, looked, lookups);
    }
    world.pass(next);
    world.kill(world.random.pick(world.ring));
    world.join();
  }
  const sent = Object.values(world.sent).reduce((sum, count) => sum + count, 0) / seconds / nodes;
  const { dead, wrong, predecessors, members, samples } = sums;
  return {
    nodes,
    r,
    lifeRounds,
    seconds,
    tellsEnds,
    samples,
    sent,
    dead: dead / members,
    wrong: wrong / members,
    predecessors: predecessors / members,
    ...looked,
    hops: looked.hops / looked.lookups,
  };
}

function sample(world, sums, looked, lookups) {
  const { dead, wrong, predecessors, joining } = world.faults();
  sums.dead += dead;
  sums.wrong += wrong;
  sums.predecessors += predecessors;
  sums.members += world.ring.length - joining;
  sums.samples++;
  const { right, nearly, found, mean } = look(world, lookups);
  looked.lookups += lookups;
  looked.right += right;
  looked.nearly += nearly;
  looked.found += found;
  looked.hops += mean * lookups;
}
