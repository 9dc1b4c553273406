// Runs cases against one command: replaces dead processes, tries crashed cases again alone, repeats, shuffles.
// Knows tiers only as TierRunner; what a verdict is worth in the end is decided in outcome.ts.
import { resultOf, type Case, type CaseResult, type RunContext, type TierRunner } from "../case/index.js";
import { LinkError, Testee, type TesteeOptions } from "../link/index.js";
import { combine, holdControls, observes, totalsOf, type RunOutcome } from "./outcome.js";
import { shuffled } from "./random.js";

export interface RunOptions {
  /** Program and arguments of the testee. */
  readonly command: readonly string[];
  /** What to run, controls included. */
  readonly cases: readonly Case[];
  readonly tiers: readonly TierRunner[];
  readonly multiplier?: number;
  /** Seed of the run; what is random in it comes from here. */
  readonly seed?: number;
  /** Run in an order that the seed decides, not by id. */
  readonly shuffle?: boolean;
  readonly repeat?: number;
  /** Time per step in place of those of link/1. */
  readonly stepMs?: number;
  /** A testee that is known to be none: no second try, no end after ten crashes, hung processes are kept. */
  readonly nullTestee?: boolean;
  /** Processes at work at once, each with its share of the cases; when left out 1, and 8 for a null testee, which mostly waits. */
  readonly jobs?: number;
  /** The run ends after this time. */
  readonly budgetMs?: number;
  /** Hears every result as it comes, before controls are held against it. */
  readonly onResult?: (result: CaseResult, done: number, total: number) => void;
}

type Tries = Map<string, CaseResult[]>;
type Ended = RunOutcome["ended"];

/** Runs the cases; throws LinkError("start") when the testee cannot be started at all. */
export async function runCases(options: RunOptions): Promise<RunOutcome> {
  const since = performance.now();
  const seed = options.seed ?? 1;
  const jobs = Math.max(1, Math.min(options.jobs ?? (options.nullTestee === true ? 8 : 1), options.cases.length));
  const tries: Tries = new Map(options.cases.map((testCase) => [testCase.id, []]));
  const shares = Array.from({ length: jobs }, (_, job) => options.cases.filter((_case, at) => at % jobs === job));
  const workers = await Promise.all(shares.map((share) => Worker.start(options, share, tries, seed)));
  const ends = await Promise.all(workers.map((worker) => worker.run(since)));
  const ended = ends.find((end) => end !== undefined);
  const combined = options.cases.map((testCase) => finished(testCase, tries, ended));
  const held = holdControls(combined, options.cases);
  const observing = new Set(options.cases.filter(observes).map(({ id }) => id));
  const results = held.filter(({ id }) => !observing.has(id));
  return {
    spec: "1",
    testee: (workers[0] as Worker).implementation,
    seed,
    totals: totalsOf(results),
    results,
    observed: held.filter(({ id }) => observing.has(id)),
    ...(ended === undefined ? {} : { ended }),
    ms: Math.round(performance.now() - since),
  };
}

function finished(testCase: Case, tries: Tries, ended: Ended): CaseResult {
  const done = tries.get(testCase.id) ?? [];
  if (done.length > 0) return combine(done);
  const why = ended === "budget" ? "the time budget was used up" : "the testee crashed too often";
  return resultOf(testCase, "inconclusive", performance.now(), { message: `not run: ${why}` });
}

/** One process and its share of the cases. */
class Worker {
  readonly #options: RunOptions;
  readonly #cases: readonly Case[];
  readonly #tries: Tries;
  readonly #context: RunContext;
  readonly #missing: (testCase: Case) => string | undefined;

  private constructor(options: RunOptions, cases: readonly Case[], tries: Tries, context: RunContext) {
    this.#options = options;
    this.#cases = cases;
    this.#tries = tries;
    this.#context = context;
    const { features, versions } = context.testee.hello;
    this.#missing = (testCase) => {
      const feature = [testCase.tier, ...testCase.features].find((wanted) => !features.includes(wanted));
      if (feature !== undefined) return `the testee does not declare ${feature}`;
      return versions.some((version) => version >= testCase.since) ? undefined : `since version ${testCase.since}`;
    };
  }

  static async start(options: RunOptions, cases: readonly Case[], tries: Tries, seed: number): Promise<Worker> {
    const { command, multiplier = 1, stepMs, nullTestee = false } = options;
    const step = stepMs === undefined ? {} : { stepMs };
    const patience = nullTestee ? { keepHanging: true, maxCrashes: Infinity } : {};
    const testeeOptions: TesteeOptions = { command, multiplier, ...step, ...patience };
    const testee = await Testee.start(testeeOptions);
    return new Worker(options, cases, tries, { testee, multiplier, seed, ...step });
  }

  get implementation(): RunOutcome["testee"] {
    return this.#context.testee.hello.implementation;
  }

  /** Runs its share, as often as asked; says why it ended early, if it did. */
  async run(since: number): Promise<Ended> {
    const { shuffle = false, repeat = 1, budgetMs = Infinity } = this.#options;
    try {
      for (let round = 0; round < repeat; round++) {
        const order = shuffle ? shuffled(this.#cases, this.#context.seed + round) : this.#cases;
        for (const testCase of order) {
          if (performance.now() - since > budgetMs) return "budget";
          this.#keep(await this.#runOne(testCase));
        }
      }
      return undefined;
    } catch (error) {
      // Too many crashes, or a process that does not come up again: what is left cannot be run.
      if (error instanceof LinkError && (error.kind === "exhausted" || error.kind === "start")) return "crashes";
      throw error;
    } finally {
      await (this.#options.nullTestee === true ? this.#context.testee.kill() : this.#context.testee.shutdown());
    }
  }

  #keep(result: CaseResult): void {
    this.#tries.get(result.id)?.push(result);
    const { onResult, cases, repeat = 1 } = this.#options;
    if (onResult === undefined) return;
    const done = [...this.#tries.values()].reduce((sum, tries) => sum + tries.length, 0);
    onResult(result, done, cases.length * repeat);
  }

  async #runOne(testCase: Case): Promise<CaseResult> {
    const missing = this.#missing(testCase);
    const since = performance.now();
    if (missing !== undefined) return resultOf(testCase, "notApplicable", since, { message: missing });
    const result = await this.#try(testCase);
    if (result.status !== "crash" || this.#options.nullTestee === true) return result;
    // In a fresh process: does this case crash it, or what other cases left behind?
    const again = await this.#try(testCase);
    if (again.status !== "pass") return again;
    const message = `${result.message ?? "crash"}; passes alone, so an earlier case left something behind`;
    return { ...result, status: "flaky", message };
  }

  async #try(testCase: Case): Promise<CaseResult> {
    const { testee } = this.#context;
    await testee.ensureAlive();
    testee.beginCase();
    const runner = this.#options.tiers.find(({ tier }) => tier === testCase.tier);
    if (runner === undefined) throw new Error(`there is no runner for the tier ${testCase.tier}`);
    return runner.run(testCase, this.#context);
  }
}
