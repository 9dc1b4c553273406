// What a case is, what running it gives, and how a tier plugs into the runner. Types only.
import type { Testee } from "../link/index.js";

export type Tier = "codec" | "node";
export type Level = "MUST" | "SHOULD" | "MAY";

/**
 * pass, fail: the testee did or did not do what the case expects. fault: it reported a bug of its own, or broke link/1.
 * inconclusive: the control did not pass, so a right refusal proves nothing. flaky: not the same at every try.
 * xfail, xpass: listed as an expected failure, and failed or passed. notApplicable: needs a feature that was not declared.
 */
export type Verdict =
  "pass" | "fail" | "fault" | "crash" | "timeout" | "inconclusive" | "flaky" | "xfail" | "xpass" | "notApplicable";

/** The members that every case has, of either tier. */
export interface CaseHead {
  /** Immutable, such as `codec/frame/length-over-limit`; a testee never sees it. */
  readonly id: string;
  readonly tier: Tier;
  /** Ids of the rules that it proves. */
  readonly rules: readonly string[];
  readonly level: Level;
  /** First protocol version that it holds for. */
  readonly since: number;
  /** Features of `hello` that the testee must declare, beyond that of the tier. */
  readonly features: readonly string[];
  readonly comment: string;
  /** Id of the case that differs by the defect alone and must come out right in the same run. */
  readonly control?: string;
}

export type Expectation =
  | { readonly ok: Readonly<Record<string, unknown>> }
  /** The reply's `bytes` decode, by the golden codec, to this value of this message; of `compressed`, to its payload. */
  | { readonly equivalent: { readonly name: string; readonly value: Readonly<Record<string, unknown>> } }
  /** Any of these codes. */
  | { readonly reject: readonly string[] }
  /** Recorded, never judged. */
  | { readonly observe: true };

export interface CodecCase extends CaseHead {
  readonly tier: "codec";
  readonly op: "codec.decode" | "codec.encode" | "codec.derive" | "codec.feed";
  readonly in: Readonly<Record<string, unknown>>;
  readonly expect: Expectation;
  /** Where the bytes come from: `generated`, an RFC, a paper. */
  readonly source: string;
  /** Path of the file that holds it, relative to the vectors. */
  readonly file: string;
}

export interface NodeCase extends CaseHead {
  readonly tier: "node";
  /** The scenario as it stands in its file. */
  readonly scenario: Readonly<Record<string, unknown>>;
  readonly file: string;
}

export type Case = CodecCase | NodeCase;

export interface CaseResult {
  readonly id: string;
  readonly tier: Tier;
  readonly status: Verdict;
  readonly rules: readonly string[];
  readonly ms: number;
  /** One line: what went otherwise. */
  readonly message?: string;
  /** Number or name of the step, in the node tier. */
  readonly step?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** Code that the testee gave, if any. */
  readonly code?: string;
  /** Last lines of the testee's stderr during the case. */
  readonly stderr?: readonly string[];
  /** Last steps and frames of the node tier, oldest first. */
  readonly trace?: readonly string[];
}

export interface RunContext {
  /** Started, with a valid hello. The runner replaces a dead process between cases, never inside of one. */
  readonly testee: Testee;
  /** Factor for every waiting time of the runner. */
  readonly multiplier: number;
  /** Time for one step in place of the tier's own, for null testees. */
  readonly stepMs?: number;
  /** Seed of this run: whatever a tier needs at random comes from here. */
  readonly seed: number;
}

/** One tier. Throws only for a bug of the runner: what a testee does wrong is in the result. */
export interface TierRunner {
  readonly tier: Tier;
  run(testCase: Case, context: RunContext): Promise<CaseResult>;
}
