// make sim-ring: the ring machines under adversarial schedules, each drawn from its seed, on two threads. Says what they came to; a
// violated property is told with its seed and kind, and one schedule can be played again step by step.
import { parseArgs } from "node:util";
import { overThreads } from "./pool.mjs";
import { kinds, playTold } from "./schedule.mjs";
import { playPiece, Tally } from "./tally.mjs";

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

function fail(message) {
  console.error(`sim-ring: ${message}`);
  process.exit(2);
}

function parsed() {
  const names = ["schedules", "seed", "kind", "steps", "nodes", "r", "threads"];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  try {
    return parseArgs({ options: { ...options, trace: { type: "boolean" }, help: { type: "boolean" } } }).values;
  } catch (error) {
    return fail(`${error.message}; see --help`);
  }
}

const values = parsed();

function number(name, fallback, [least, most]) {
  const value = values[name] === undefined ? fallback : Number(values[name]);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  return fail(`--${name} ${values[name]} is no whole number from ${least} to ${most}`);
}

const thousands = (number) => number.toLocaleString("en-US");
const share = (part, whole) => `${((100 * part) / whole).toFixed(2)} %`;

function summary(kind, { schedules, counts, violated, violatedCount, hash }, seconds) {
  const { steps, joins, crashes, leaves, suspicions, lookups, rounds, roundsMost, released, liedTo, unanswered } =
    counts;
  const lines = [
    `\n${kind.padEnd(13)}${thousands(schedules)} schedules, ${thousands(steps)} steps in ${seconds.toFixed(1)} s`,
    `of the steps joins ${share(joins, steps)}, crashes ${share(crashes, steps)}, leaves ${share(leaves, steps)}, false suspicions ${share(suspicions, steps)}`,
    `calm         ideal after ${(rounds / schedules).toFixed(2)} rounds, at most ${roundsMost}; ${thousands(lookups)} lookups`,
  ];
  if (kind === "hold")
    lines.push(`base         the founder may go in ${share(released, schedules)}: r + 1 others stay`);
  if (kind === "liars")
    lines.push(
      `lied to      ${thousands(liedTo)} lookups among liars ended, ${share(unanswered, liedTo)} of them without an owner`,
    );
  lines.push(
    `violated     ${thousands(violatedCount)} (${share(violatedCount, schedules)})${listed(violated)}`,
    `fingerprint  ${hash}`,
  );
  console.log(lines.join("\n"));
}

function listed(violated) {
  const parts = Object.entries(violated).map(([property, count]) => `\n             ${thousands(count)} × ${property}`);
  return parts.join("");
}

/** Plays `count` schedules of one kind. */
async function campaign(kind, count) {
  const [from, threads] = [number("seed", 1, [0, 2 ** 32 - 1]), number("threads", 2, [0, 64])];
  const plan = {
    kind,
    steps: number("steps", undefined, [1, 1e6]),
    nodes: number("nodes", undefined, [3, 64]),
    r: number("r", undefined, [1, 16]),
  };
  const pieces = [];
  for (let at = 0; at < count; at += pieceMost) {
    pieces.push({ from: from + at, count: Math.min(pieceMost, count - at), plan });
  }
  const tally = new Tally();
  const began = performance.now();
  const script = new URL("campaign-worker.mjs", import.meta.url);
  await overThreads({ script, pieces, threads, here: playPiece }, (result) => {
    tally.add(result);
    if (process.stderr.isTTY) process.stderr.write(`\r${kind} ${tally.schedules} of ${count}`);
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  summary(kind, tally, (performance.now() - began) / 1000);
  return tally;
}

function blame({ violations }) {
  if (violations.length === 0) return;
  process.exitCode = 1;
  for (const { seed, kind, step, property } of violations.slice(0, 5)) {
    console.log(`\n${property}: seed ${seed}, step ${step}; again, step by step:`);
    console.log(`  node ts/test/ring/campaign.mjs --kind ${kind} --seed ${seed} --schedules 1 --trace`);
  }
}

async function all(schedules) {
  for (const [kind, share] of Object.entries(shares)) blame(await campaign(kind, Math.ceil(schedules * share)));
  const planted = await campaign("classic", Math.ceil((schedules * shares.hold) / classicEvery));
  if (planted.violatedCount >= classicLeast * planted.schedules) return;
  console.log("\nThe classic rules, planted, were not found out often enough.");
  process.exitCode = 1;
}

if (values.help) console.log(help);
else if (values.kind !== undefined && kinds[values.kind] === undefined) fail(`there is no kind "${values.kind}"`);
else if (values.trace) {
  if (values.kind === undefined) fail("--trace needs --kind");
  const plan = { kind: values.kind, steps: number("steps", undefined, [1, 1e6]) };
  const sizes = { nodes: number("nodes", undefined, [3, 64]), r: number("r", undefined, [1, 16]) };
  const { violation } = playTold({ ...plan, ...sizes, seed: number("seed", 1, [0, 2 ** 32 - 1]) }, console.log);
  console.log(violation ?? "nothing violated");
} else {
  const schedules = number("schedules", 100_000, [1, 1e9]);
  if (values.kind === undefined) await all(schedules);
  else {
    const tally = await campaign(values.kind, schedules);
    if (values.kind !== "classic") blame(tally);
  }
}
