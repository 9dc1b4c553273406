// Makes a run that violates a property small: leaves out actions, then nodes, as long as the property is still violated. What is
// left is what a person has to look at.

import type { PropertyName } from "./properties.js";
import { actorsOf, type Scenario } from "./scenario.js";
import type { RunResult } from "./summary.js";

/** Runs that shrinking may take, if nobody says otherwise. */
const mostRuns = 200;

export interface Shrunk {
  readonly scenario: Scenario;
  readonly runs: number;
}

/**
 * A smaller scenario that violates the same property.
 * @param simulate runs a scenario.
 */
export function shrink(
  scenario: Scenario,
  property: PropertyName,
  simulate: (scenario: Scenario) => RunResult,
  most = mostRuns,
): Shrunk {
  let runs = 0;
  const fails = (candidate: Scenario): boolean => {
    runs++;
    return simulate(candidate).violations.some((violation) => violation.property === property);
  };
  const isSpent = (): boolean => runs >= most;
  const fewer = (from: Scenario): Scenario => ({
    ...from,
    actions: minimised(from.actions, (actions) => fails({ ...from, actions }), isSpent),
  });
  const few = isSpent() ? scenario : fewer(withPlainTimes(scenario, fails));
  const small = fewer(withFewNodes(few, fails, isSpent));
  return { scenario: withoutIdle(small), runs };
}

/** Without verification times and bandwidths, if it fails without them. */
function withPlainTimes(scenario: Scenario, fails: (candidate: Scenario) => boolean): Scenario {
  const plain = { ...scenario, verifyUs: 0, bytesPerSecond: 0 };
  return plain.verifyUs === scenario.verifyUs && plain.bytesPerSecond === scenario.bytesPerSecond
    ? scenario
    : fails(plain)
      ? plain
      : scenario;
}

function withFewNodes(scenario: Scenario, fails: (candidate: Scenario) => boolean, isSpent: () => boolean): Scenario {
  const all = Array.from({ length: scenario.nodes + scenario.attackers }, (_, i) => i);
  const here = all.filter((node) => !scenario.absent.includes(node));
  const absentOf = (kept: readonly number[]): readonly number[] => all.filter((node) => !kept.includes(node));
  const kept = minimised(here, (nodes) => fails({ ...scenario, absent: absentOf(nodes) }), isSpent);
  return { ...scenario, absent: absentOf(kept) };
}

/** Without actions of nodes that are absent: they do nothing. */
function withoutIdle(scenario: Scenario): Scenario {
  const isHere = (node: number): boolean => !scenario.absent.includes(node);
  return { ...scenario, actions: scenario.actions.filter((action) => actorsOf(action, scenario.links).every(isHere)) };
}

/** Items of which none can be left out, nor any stretch that was tried: delta debugging. */
function minimised<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => boolean,
  isSpent: () => boolean,
): readonly T[] {
  let left = items;
  for (let parts = 2; left.length > 1;) {
    const size = Math.ceil(left.length / parts);
    const smaller = firstThat(stretches(left, size), fails, isSpent);
    if (isSpent() && smaller === undefined) break;
    if (smaller !== undefined) {
      parts = smaller.length <= size ? 2 : Math.max(2, parts - 1);
      left = smaller;
    } else if (size === 1) break;
    else parts = Math.min(left.length, 2 * parts);
  }
  return left;
}

/** Each stretch of a size alone, then everything but each. */
function* stretches<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  const isHalf = 2 * size >= items.length;
  if (!isHalf && size > 1) for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
  for (let at = 0; at < items.length; at += size) yield [...items.slice(0, at), ...items.slice(at + size)];
}

function firstThat<T>(
  candidates: Iterable<readonly T[]>,
  fails: (items: readonly T[]) => boolean,
  isSpent: () => boolean,
): readonly T[] | undefined {
  for (const candidate of candidates) {
    if (isSpent()) return undefined;
    if (fails(candidate)) return candidate;
  }
  return undefined;
}
