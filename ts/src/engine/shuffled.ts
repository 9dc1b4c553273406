// Random order, from the node's own source of randomness.

import { readU32 } from "../bytes/index.js";
import type { Random } from "../ports/index.js";

/** The items in a random order. */
export function shuffled<T>(random: Random, items: Iterable<T>): T[] {
  const list = [...items];
  const numbers = random.bytes(4 * list.length);
  for (let i = list.length - 1; i > 0; i--) {
    const other = readU32(numbers, 4 * i) % (i + 1);
    [list[i], list[other]] = [list[other] as T, list[i] as T];
  }
  return list;
}
