// Theory, and results by kind: what plots and text both need.
import { startingWith } from "../campaign/results.mjs";

export const listLength = 16;

/** Mean hops in a quiet ring of n nodes with base-2 fingers and lists of r entries. */
export const theory = (nodes, r = listLength) => Math.log2(nodes) / 2 - Math.log2(r) / 2 + 1;

/** More exactly: one time in r the fingers have led to the node before the place itself, and the last hop is spared. */
export const finerTheory = (nodes, r = listLength) => theory(nodes, r) - 1 / r;

export const hopsOf = (results) => startingWith(results, "hops-").sort((a, b) => a.nodes - b.nodes);
export const deadOf = (results) => startingWith(results, "dead-").sort((a, b) => a.dead - b.dead);
export const machinesOf = (results) => startingWith(results, "machines-").sort((a, b) => a.nodes - b.nodes);
export const repairsOf = (results) =>
  startingWith(results, "repair-").sort((a, b) => Number(b.tellsEnds) - Number(a.tellsEnds) || a.share - b.share);
export const loadOf = (results) => startingWith(results, "load-").sort((a, b) => a.nodes - b.nodes);

/** Doublings of all rings of machines, one for each size. */
export function doublingsOf(results) {
  const all = machinesOf(results).flatMap(({ doublings }) => doublings.filter(({ from }) => from > listLength));
  return [...new Map(all.map((doubling) => [doubling.to, doubling])).values()].sort((a, b) => a.to - b.to);
}
