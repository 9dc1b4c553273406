// Keys lost when k of n nodes die at once, in arrays: a static ring, every key at some random positions with some copies each. Nothing
// is repaired, so what is counted is what the formula says: C(n − c, k − c) / C(n, k) for a key with c different holders.
import { Prng } from "../../dist/sim/index.js";

const bucketBits = 12;

/** Chance that c given nodes are all among k dead of n. */
export function lossOf({ nodes, dead, holders }) {
  let chance = 1;
  for (let i = 0; i < holders; i++) chance *= Math.max(0, dead - i) / (nodes - i);
  return chance;
}

/** Places of nodes on a ring of 2^32, and who owns a position. */
class Places {
  #sorted;
  #firsts = new Uint16Array(1 << bucketBits);

  constructor(nodes, random) {
    this.#sorted = Uint32Array.from({ length: nodes }, () => random.next()).sort();
    let at = 0;
    for (let bucket = 0; bucket < this.#firsts.length; bucket++) {
      const begin = bucket * 2 ** (32 - bucketBits);
      while (at < nodes && this.#sorted[at] < begin) at++;
      this.#firsts[bucket] = at;
    }
  }

  ownerOf(position) {
    const sorted = this.#sorted;
    let at = this.#firsts[position >>> (32 - bucketBits)];
    while (at < sorted.length && sorted[at] < position) at++;
    return at === sorted.length ? 0 : at;
  }
}

/** Which nodes are dead: exactly so many, drawn at random. */
function drawDead(nodes, dead, random) {
  const isDead = new Uint8Array(nodes);
  for (let left = dead; left > 0;) {
    const node = random.below(nodes);
    if (isDead[node] === 1) continue;
    isDead[node] = 1;
    left--;
  }
  return isDead;
}

function isLost(places, isDead, { tables, copies, nodes }, random) {
  for (let table = 0; table < tables; table++) {
    const owner = places.ownerOf(random.next());
    for (let copy = 0; copy < copies; copy++) if (isDead[(owner + copy) % nodes] === 0) return false;
  }
  return true;
}

/** What the formula expects for keys as they lie, some of whose groups share nodes. */
function expected(places, { nodes, dead, tables, copies }, random, keys) {
  let sum = 0;
  for (let key = 0; key < keys; key++) {
    const holders = new Set();
    for (let table = 0; table < tables; table++) {
      const owner = places.ownerOf(random.next());
      for (let copy = 0; copy < copies; copy++) holders.add((owner + copy) % nodes);
    }
    sum += lossOf({ nodes, dead, holders: holders.size });
  }
  return sum / keys;
}

const sampled = 20_000;

/**
 * Loses keys in `rings` rings, each with its own dead. `off` is how far the share is from what is expected, in standard errors of the
 * mean over the rings.
 */
export function playLoss({ nodes, dead, tables, copies, rings, keys, seed, holdersLost = isLost }) {
  const random = new Prng(seed);
  const shape = { nodes, dead, tables, copies };
  const [shares, hopes] = [[], []];
  for (let ring = 0; ring < rings; ring++) {
    const places = new Places(nodes, random);
    const isDead = drawDead(nodes, dead, random);
    let lost = 0;
    for (let key = 0; key < keys; key++) if (holdersLost(places, isDead, shape, random)) lost++;
    shares.push(lost / keys);
    hopes.push(expected(places, shape, random, sampled));
  }
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / rings;
  const [share, hoped] = [mean(shares), mean(hopes)];
  const spread = shares.reduce((sum, value, i) => sum + (value - hopes[i]) ** 2, 0) / (rings - 1);
  // Where little is lost, the spread over rings may be seen too small: it is not below that of single keys.
  const error = Math.sqrt(Math.max(spread, hoped / keys) / rings);
  const lost = Math.round(share * keys * rings);
  const formula = lossOf({ nodes, dead, holders: tables * copies });
  return { nodes, dead, tables, copies, keys: keys * rings, lost, share, hoped, formula, off: (share - hoped) / error };
}

/** Planted: every second copy was forgotten. */
export function forgotCopies(places, isDead, shape, random) {
  return isLost(places, isDead, { ...shape, copies: Math.ceil(shape.copies / 2) }, random);
}

/** Share of keys whose groups lie at fewer than `least` nodes when nobody sees to it, in rings drawn at random. */
export function playOverlap({ nodes, tables, copies, least, keys, seed }) {
  const random = new Prng(seed);
  const perRing = 100;
  let narrow = 0;
  for (let ring = 0; ring < keys / perRing; ring++) {
    const places = new Places(nodes, random);
    for (let key = 0; key < perRing; key++) {
      const holders = new Set();
      for (let table = 0; table < tables; table++) {
        const owner = places.ownerOf(random.next());
        for (let copy = 0; copy < copies; copy++) holders.add((owner + copy) % nodes);
      }
      if (holders.size < least) narrow++;
    }
  }
  return { nodes, share: narrow / keys };
}
