// Numbers of versions, as a writer gives them: section 8.3.

import { KeyKind } from "../../identity/index.js";

/**
 * The sequence of a new record. @param largest that this node has seen or made under the key; 0 when none.
 * @param now unix ms.
 */
export function sequenceFor(kind: number, largest: bigint, now: number): bigint {
  if (kind === KeyKind.IMMUTABLE) return 0n;
  const next = largest + 1n;
  const microseconds = BigInt(Math.floor(now * 1000));
  const isClockAhead = microseconds > next;
  // r[table.sequence.shared] mutate: `isClockAhead ? microseconds : next` => `next`
  if (kind === KeyKind.SHARED) return isClockAhead ? microseconds : next;
  // A run that remembers nothing is above those before it by its clock.
  // r[table.sequence.owned] mutate: `isClockAhead ? microseconds : next` => `1n`
  return isClockAhead ? microseconds : next;
}
