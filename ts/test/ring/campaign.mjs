// make sim-ring: the ring machines under adversarial schedules, each drawn from its seed, on two threads. Says what they came to; a
// violated property is told with its seed and kind, and one schedule can be played again step by step.
import { blame, mustBeFound, playRuns } from "../campaign/campaign.mjs";
import { Options } from "../campaign/options.mjs";
import { count, percent } from "../campaign/text.mjs";
import { kinds, playTold } from "./schedule.mjs";
import { emptyTally } from "./tally.mjs";

const help = `make sim-ring ARGS="…", or node ts/test/ring/campaign.mjs …
  --schedules NUMBER    schedules in all (100000)
  --seed NUMBER         the first seed, or the only one with --schedules 1 (1)
  --kind NAME           ${Object.keys(kinds).join(", ")}; without it hold, heal and liars as 9 : 9 : 2,
                        and the classic rules on some of the schedules of hold
  --steps NUMBER        steps of churn in each (drawn: 600 to 900)
  --nodes NUMBER        most nodes at once, 3 to 64 (drawn: 3 to 12)
  --r NUMBER            length of lists (drawn: 2 to 4)
  --threads NUMBER      0 for none (2)
  --trace               tell every step; with --schedules 1 and --kind`;

const pieceMost = 250;
const shares = { hold: 0.45, heal: 0.45, liars: 0.1 };
/** One in so many schedules of hold is played by the classic rules too; at least so many of them must violate. */
const classicEvery = 20;
const classicLeast = 0.3;

const options = new Options("sim-ring", {
  names: ["schedules", "seed", "kind", "steps", "nodes", "r", "threads"],
  flags: ["trace"],
});
const kind = options.oneOf("kind", Object.keys(kinds));
const module = new URL("tally.mjs", import.meta.url).href;

const planOf = (kind) => ({
  kind,
  steps: options.number("steps", undefined, [1, 1e6]),
  nodes: options.number("nodes", undefined, [3, 64]),
  r: options.number("r", undefined, [1, 16]),
});

function summary(kind, { runs, counts, violated, violatedCount, hash }, seconds) {
  const { steps, joins, crashes, leaves, suspicions, lookups, rounds, roundsMost, released, liedTo, unanswered } =
    counts;
  const share = (part, whole) => percent(part / whole);
  const lines = [
    `\n${kind.padEnd(13)}${count(runs)} schedules, ${count(steps)} steps in ${seconds.toFixed(1)} s`,
    `of the steps joins ${share(joins, steps)}, crashes ${share(crashes, steps)}, leaves ${share(leaves, steps)}, false suspicions ${share(suspicions, steps)}`,
    `calm         ideal after ${(rounds / runs).toFixed(2)} rounds, at most ${roundsMost}; ${count(lookups)} lookups`,
  ];
  if (kind === "hold") lines.push(`base         the founder may go in ${share(released, runs)}: r + 1 others stay`);
  if (kind === "liars")
    lines.push(
      `lied to      ${count(liedTo)} lookups among liars ended, ${share(unanswered, liedTo)} of them without an owner`,
    );
  lines.push(
    `violated     ${count(violatedCount)} (${share(violatedCount, runs)})${listed(violated)}`,
    `fingerprint  ${hash}`,
  );
  console.log(lines.join("\n"));
}

function listed(violated) {
  const parts = Object.entries(violated).map(([property, times]) => `\n             ${count(times)} × ${property}`);
  return parts.join("");
}

/** Plays `runs` schedules of one kind. */
async function campaign(kind, runs) {
  const tally = emptyTally();
  const plan = planOf(kind);
  summary(kind, tally, await playRuns({ module, options, name: kind, runs, plan, pieceMost }, tally));
  return tally;
}

const again = ({ kind, seed }) => `node ts/test/ring/campaign.mjs --kind ${kind} --seed ${seed} --schedules 1 --trace`;

async function all(schedules) {
  for (const [kind, share] of Object.entries(shares)) blame(await campaign(kind, Math.ceil(schedules * share)), again);
  const planted = await campaign("classic", Math.ceil((schedules * shares.hold) / classicEvery));
  const isFound = planted.violatedCount >= classicLeast * planted.runs;
  mustBeFound(isFound, "The classic rules, planted, were not found out often enough.");
}

if (options.values.help) console.log(help);
else if (options.values.trace) {
  if (kind === undefined) options.fail("--trace needs --kind");
  const { violation } = playTold({ ...planOf(kind), seed: options.seed }, console.log);
  console.log(violation ?? "nothing violated");
} else {
  const schedules = options.number("schedules", 100_000, [1, 1e9]);
  if (kind === undefined) await all(schedules);
  else {
    const tally = await campaign(kind, schedules);
    if (kind !== "classic") blame(tally, again);
  }
}
