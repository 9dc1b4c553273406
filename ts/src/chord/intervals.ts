// Arcs of the ring, by comparing alone: no arithmetic of 256 bits is needed to tell what lies where.

import type { Position } from "./position.js";

/** Whether `b` lies on the open arc from `a` to `c`; where they are equal the arc is the whole ring but `a`. */
export function between(a: Position, b: Position, c: Position): boolean {
  const ends = a.compare(c);
  if (ends < 0) return a.compare(b) < 0 && b.compare(c) < 0;
  // r[ring.between] mutate: `||` => `&&`
  if (ends > 0) return a.compare(b) < 0 || b.compare(c) < 0;
  return b.compare(a) !== 0;
}

/** Whether `c` owns `b` when `a` is before it: the arc from `a` to `c` with `c` itself. */
export function owned(a: Position, b: Position, c: Position): boolean {
  // r[ring.owned] mutate: `b.compare(c) === 0` => `false`
  return between(a, b, c) || b.compare(c) === 0;
}
