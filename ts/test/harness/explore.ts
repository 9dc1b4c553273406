// Every order in which things can happen in a small world: depth first, from the start again for each branch. Two orders
// that give every node the same inputs in the same order lead to the same state, so each such state is visited once.

import type { Action } from "./test-node.js";

/** A world that can be driven step by step; what happened at each node so far names its state. */
export interface Run {
  /** What can happen now; none at the end of a run. */
  actions(): readonly Action[];
  /** Names the state: equal texts, equal futures. */
  state(): string;
}

export interface Explored {
  /** Different states. */
  readonly states: number;
  /** Orders that were followed to their end. */
  readonly ends: number;
}

/** Follows every order; `check` sees the end of each. Fails after `mostStates`. */
export function explore<R extends Run>(begin: () => R, check: (run: R) => void, mostStates: number): Explored {
  const seen = new Set<string>();
  const branches: string[][] = [[]];
  let ends = 0;
  for (let path = branches.pop(); path !== undefined; path = branches.pop()) {
    const run = begin();
    for (const key of path) take(run, key);
    let isNew = remember(seen, run);
    while (isNew) {
      if (seen.size > mostStates) throw new Error(`more than ${mostStates} states`);
      const [first, ...others] = run.actions().map(({ key }) => key);
      if (first === undefined) {
        check(run);
        ends++;
        break;
      }
      for (const other of others) branches.push([...path, other]);
      path.push(first);
      take(run, first);
      isNew = remember(seen, run);
    }
  }
  return { states: seen.size, ends };
}

function remember(seen: Set<string>, run: Run): boolean {
  const before = seen.size;
  seen.add(run.state());
  return seen.size > before;
}

function take(run: Run, key: string): void {
  const action = run.actions().find((one) => one.key === key);
  if (action === undefined) throw new Error(`cannot repeat: ${key}`);
  action.run();
}
