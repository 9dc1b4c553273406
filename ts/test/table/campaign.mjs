// make sim-table: members and clients of a table, each run drawn from its seed, on two threads; and planted defects that must be found
// out. A violated property is told with its seed and kind, and one run can be played again step by step.
import { blame, mustBeFound, playRuns } from "../campaign/campaign.mjs";
import { Options } from "../campaign/options.mjs";
import { count } from "../campaign/text.mjs";
import { planted } from "./planted.mjs";
import { play } from "./schedule.mjs";
import { kindNames, Tally } from "./tally.mjs";

const help = `make sim-table ARGS="…", or node ts/test/table/campaign.mjs …
  --runs NUMBER         runs in all (500)
  --seed NUMBER         the first seed, or the only one with --runs 1 (1)
  --kind NAME           ${kindNames.join(", ")}; without it all, and the planted defects
  --planted NAME        with a defect: ${Object.keys(planted).join(", ")}
  --nodes NUMBER        members at the beginning, 5 to 20 (drawn)
  --threads NUMBER      0 for none (2)
  --trace               tell what happens; with --runs 1 and --kind or --planted`;

const pieceMost = 5;
/** Runs of each planted defect, for each hundred of the campaign; one of them at least must be found out. */
const plantedShare = 0.05;
const plantedLeast = 10;

const options = new Options("sim-table", {
  names: ["runs", "seed", "kind", "planted", "nodes", "threads"],
  flags: ["trace"],
});
const defect = options.oneOf("planted", Object.keys(planted));
const kind = options.oneOf("kind", kindNames, planted[defect]?.kind);
const nodes = options.number("nodes", undefined, [5, 20]);
const module = new URL("tally.mjs", import.meta.url).href;

function summary(name, tally, seconds) {
  const { runs, counts, violated, hash } = tally;
  const { acknowledged, unwritten, reads, unread, stale, missing, joins, kills, leaves, rounds } = counts;
  const p99 = (what) => `${count(tally.quantile(what, 0.99))} ms`;
  const lines = [
    `\n${name.padEnd(12)} ${count(runs)} runs in ${seconds.toFixed(1)} s: ${count(joins)} joins, ${count(kills)} failures, ${count(leaves)} leaves`,
    `  writes     ${count(acknowledged)} acknowledged, ${count(unwritten)} not`,
    `  reads      ${count(reads)}, of them ${count(missing)} nothing, ${count(unread)} failed, ${count(stale)} stale`,
    `  p99        put ${p99("put")}, hit ${p99("hit")}, nothing ${p99("nothing")}`,
    `  rounds     at most ${rounds.toFixed(1)} until the ring was ideal`,
    `  violated   ${listed(violated)}`,
    `  fingerprint ${hash}`,
  ];
  console.log(lines.join("\n"));
}

function listed(violated) {
  const parts = Object.entries(violated).map(([property, times]) => `${count(times)} × ${property}`);
  return parts.length === 0 ? "nothing" : parts.join("; ");
}

/** Plays `runs` runs of one kind. */
async function campaign(kind, defect, runs) {
  const tally = new Tally();
  const name = defect ?? kind;
  const plan = { kind, defect, nodes };
  summary(name, tally, await playRuns({ module, options, name, runs, plan, pieceMost }, tally));
  return tally;
}

const again = ({ kind, seed }) => `node ts/test/table/campaign.mjs --kind ${kind} --seed ${seed} --runs 1 --trace`;

async function all(runs) {
  for (const kind of kindNames) blame(await campaign(kind, undefined, Math.ceil(runs / kindNames.length)), again);
  for (const [defect, { kind }] of Object.entries(planted)) {
    const { violatedCount } = await campaign(kind, defect, Math.max(plantedLeast, Math.ceil(runs * plantedShare)));
    mustBeFound(violatedCount > 0, `The planted defect ${defect} was not found out.`);
  }
}

if (options.values.help) console.log(help);
else if (options.values.trace) {
  if (kind === undefined) options.fail("--trace needs --kind or --planted");
  const { counts, violation } = play({ kind, defect, nodes, seed: options.seed, trace: console.log });
  console.log(counts, violation ?? "nothing violated");
} else {
  const runs = options.number("runs", 500, [1, 1e9]);
  if (kind === undefined) await all(runs);
  else {
    const tally = await campaign(kind, defect, runs);
    if (defect === undefined) blame(tally, again);
  }
}
