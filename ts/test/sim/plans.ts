// Small scenarios for tests: few nodes, few broadcasts, and only the faults that a test wants.
import { planOf, simulate, type FaultName, type RunResult, type Scenario } from "../../src/sim/index.js";
import type { PlanOptions } from "../../src/sim/index.js";
import { hasher } from "../../src/runtime/index.js";

export const small = (options: Partial<PlanOptions> & { readonly faults?: readonly FaultName[] } = {}): Scenario =>
  planOf({ seed: 1, nodes: 9, topology: "random", broadcasts: 15, attackers: 2, faults: [], ...options });

export const run = (scenario: Scenario): RunResult => simulate(scenario, { hasher });
