// Runs one case on a testee by the tier that it belongs to, without asking more than that of the runner.
import type { Case, CaseResult, RunContext, TierRunner } from "../case/index.js";

export type RunCase = (testCase: Case, context: RunContext) => Promise<CaseResult>;

export function caseRunner(tiers: readonly TierRunner[]): RunCase {
  const byTier = new Map(tiers.map((tier) => [tier.tier, tier]));
  return async (testCase, context) => {
    const tier = byTier.get(testCase.tier);
    if (!tier) throw new Error(`no runner for the tier ${testCase.tier}`);
    await context.testee.ensureAlive();
    context.testee.beginCase();
    return tier.run(testCase, context);
  };
}
