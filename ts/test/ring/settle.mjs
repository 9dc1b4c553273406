// Churn has stopped: messages arrive in the order in which they were sent, everybody's clock is the same. Within a bounded number
// of rounds the ring must be ideal and stay so, and every lookup must end at the right owner.
import { Lookup, owned } from "../../dist/chord/index.js";
import { Limit } from "../../dist/gen/registry.js";
import { places } from "./network.mjs";

const roundMs = Limit.RING_STABILIZE_MS;
/** Most rounds of RING_STABILIZE_MS until the ring is ideal. Audits come every twelve. */
export const roundsMost = 60;
/** Rounds through which an ideal ring is watched. */
const fixedRounds = 2;

/** Delivers all that is on its way, and what comes of it, first sent first. */
function flush(network, check) {
  let queue = network.bag;
  network.bag = [];
  while (queue.length > 0) {
    for (const message of queue) {
      if (message.asker !== undefined && !message.asker.isAlive) continue;
      network.trace?.(`${message.type} ${(message.asker ?? message.of).rank} → ${message.to.record.rank}`);
      const life = network.deliver(message);
      const fault = check(life, false);
      if (fault !== undefined) return fault;
    }
    queue = network.bag;
    network.bag = [];
  }
  return undefined;
}

/** The node that is due first. */
function earliest({ lives }) {
  let first = lives[0];
  let due = Infinity;
  for (const life of lives) {
    const at = life.ring.deadline;
    if (at < due) [first, due] = [life, at];
  }
  return { first, due };
}

/** Lets time pass up to `until`. */
function pass(network, until, check) {
  for (;;) {
    const { first, due } = earliest(network);
    if (due > until) return undefined;
    for (const life of network.lives) if (due > life.now) life.now = due;
    const before = network.lives.length;
    network.trace?.(`${due} wake ${first.rank}`);
    const life = network.wake(first);
    const fault = check(life, network.lives.length !== before) ?? flush(network, check);
    if (fault !== undefined) return fault;
  }
}

/** Whether every node has exactly those behind it on its list, and the one before as its predecessor. */
export function isIdeal({ lives, slots, r }) {
  const ring = slots.filter(({ life }) => life !== undefined).map(({ life }) => life);
  const count = ring.length;
  const length = Math.min(r, count - 1);
  for (let i = 0; i < count; i++) {
    const life = ring[i];
    if (!life.isPlaced) return false;
    const { successors, wraps, predecessor } = life.ring.snapshot();
    if (successors.length !== length || wraps !== count - 1 <= r) return false;
    for (let j = 0; j < length; j++) if (successors[j].record !== ring[(i + j + 1) % count]) return false;
    if (count > 1 && predecessor?.record !== ring[(i + count - 1) % count]) return false;
  }
  return lives.length === count;
}

/** One lookup, its requests answered at once; `said` may change an answer. */
export function lookUp(life, target, said = (_output, _of, answer) => answer) {
  const lookup = new Lookup({ self: life.contact, target, limits: Limit }, life.now);
  lookup.beginWith(life.ring.step(target), life.ring.snapshot().successors);
  for (let output = lookup.poll(); output !== undefined; output = lookup.poll()) {
    const to = output.to.record.slot.life;
    if (to === undefined) lookup.fail(output.to, output.type);
    else if (output.type === "state") lookup.receiveState(output.to, said(output, to, to.ring.snapshot()));
    else {
      const answer = to.ring.step(target);
      if (answer === undefined) lookup.fail(output.to, output.type);
      else lookup.receiveStep(output.to, said(output, to, answer));
    }
  }
  return lookup;
}

/** From every node one lookup of a random place. */
function lookUpAll({ lives, slots, random }, counts) {
  const ring = slots.filter(({ life }) => life !== undefined).map(({ life }) => life);
  for (const life of lives) {
    const target = random.pick(places);
    counts.lookups++;
    const { result, failure } = lookUp(life, target);
    if (result === undefined) return `a lookup ended with ${failure}`;
    if (result.path.length >= Limit.LOOKUP_HOPS) return "a lookup took too many hops";
    const owner = ring.find((other, i) => {
      const before = ring[(i + ring.length - 1) % ring.length];
      return owned(before.contact.position, target, other.contact.position);
    });
    if (result.owner.record !== owner) return "a lookup ended at the wrong owner";
  }
  return undefined;
}

/** Rounds without churn until the ring is ideal. Answers their number, or the property that is violated. */
export function calm(network, check = () => undefined) {
  const began = Math.max(...network.lives.map(({ now }) => now));
  for (const life of network.lives) life.now = began;
  let fault = flush(network, check);
  let rounds = 0;
  while (fault === undefined && !isIdeal(network)) {
    if (++rounds > roundsMost) return { rounds, fault: "the ring does not become ideal" };
    fault = pass(network, began + rounds * roundMs, check);
  }
  return { rounds, fault };
}

/** The calm after the churn. Answers the property that is violated. */
export function settle(network, counts, check) {
  const { rounds, fault } = calm(network, check);
  counts.rounds += rounds;
  counts.roundsMost = Math.max(counts.roundsMost, rounds);
  const wrong =
    fault ?? lookUpAll(network, counts) ?? pass(network, network.lives[0].now + fixedRounds * roundMs, check);
  return wrong ?? (isIdeal(network) ? undefined : "an ideal ring does not stay so");
}

/** Rounds in calm that the honest have to find their heads while others lie. */
const lyingRounds = 40;

/** Whether the head of every honest node is the node behind it. */
function headsAreRight({ slots }) {
  const ring = slots.filter(({ life }) => life?.isPlaced === true).map(({ life }) => life);
  if (ring.length < 2) return true;
  return ring.every((life, i) => {
    const [head] = life.ring.snapshot().successors;
    return life.isLiar || head?.record === ring[(i + 1) % ring.length];
  });
}

/** Calm in which liars go on to lie: honest nodes have their heads nevertheless at some moment, and lookups end. */
export function withstand(network, counts) {
  const began = Math.max(...network.lives.map(({ now }) => now));
  for (const life of network.lives) life.now = began;
  flush(network, () => undefined);
  let isRight = headsAreRight(network);
  for (let round = 1; !isRight && round <= lyingRounds; round++) {
    pass(network, began + round * roundMs, () => undefined);
    isRight = headsAreRight(network);
  }
  if (!isRight) return "honest nodes do not find their heads";
  for (const life of network.lives) {
    if (!life.isPlaced || life.isLiar) continue;
    counts.liedTo++;
    const said = ({ type }, of, answer) =>
      of.isLiar ? network.lie(network, of, { type, asker: life }, answer) : answer;
    const { result, failure } = lookUp(life, network.random.pick(places), said);
    if (result === undefined && failure === undefined) return "a lookup among liars does not end";
    if (result !== undefined && result.path.length >= Limit.LOOKUP_HOPS) return "a lookup took too many hops";
    if (result === undefined) counts.unanswered++;
  }
  return undefined;
}
