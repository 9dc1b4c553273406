// make sim-table: members and clients of a table, each run drawn from its seed, on two threads; and planted defects that must be found
// out. A violated property is told with its seed and kind, and one run can be played again step by step.
import { parseArgs } from "node:util";
import { overThreads } from "../ring/pool.mjs";
import { play } from "./schedule.mjs";
import { planted } from "./planted.mjs";
import { kindNames, playPiece, Tally } from "./tally.mjs";

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

function fail(message) {
  console.error(`sim-table: ${message}`);
  process.exit(2);
}

function parsed() {
  const names = ["runs", "seed", "kind", "planted", "nodes", "threads"];
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

const thousands = (value) => value.toLocaleString("en-US");

function summary(name, tally, seconds) {
  const { runs, counts, violated, hash } = tally;
  const { acknowledged, unwritten, reads, unread, stale, missing, joins, kills, leaves, rounds } = counts;
  const p99 = (what) => `${thousands(tally.quantile(what, 0.99))} ms`;
  const lines = [
    `\n${name.padEnd(12)} ${thousands(runs)} runs in ${seconds.toFixed(1)} s: ${thousands(joins)} joins, ${thousands(kills)} failures, ${thousands(leaves)} leaves`,
    `  writes     ${thousands(acknowledged)} acknowledged, ${thousands(unwritten)} not`,
    `  reads      ${thousands(reads)}, of them ${thousands(missing)} nothing, ${thousands(unread)} failed, ${thousands(stale)} stale`,
    `  p99        put ${p99("put")}, hit ${p99("hit")}, nothing ${p99("nothing")}`,
    `  rounds     at most ${rounds.toFixed(1)} until the ring was ideal`,
    `  violated   ${listed(violated)}`,
    `  fingerprint ${hash}`,
  ];
  console.log(lines.join("\n"));
}

function listed(violated) {
  const parts = Object.entries(violated).map(([property, times]) => `${thousands(times)} × ${property}`);
  return parts.length === 0 ? "nothing" : parts.join("; ");
}

/** Plays `count` runs of one kind. */
async function campaign(kind, defect, count) {
  const [from, threads] = [number("seed", 1, [0, 2 ** 32 - 1]), number("threads", 2, [0, 64])];
  const plan = { kind, defect, nodes: number("nodes", undefined, [5, 20]) };
  const pieces = [];
  for (let at = 0; at < count; at += pieceMost) {
    pieces.push({ from: from + at, count: Math.min(pieceMost, count - at), plan });
  }
  const tally = new Tally();
  const began = performance.now();
  const script = new URL("campaign-worker.mjs", import.meta.url);
  await overThreads({ script, pieces, threads, here: playPiece }, (result) => tally.add(result));
  summary(defect ?? kind, tally, (performance.now() - began) / 1000);
  return tally;
}

function blame({ violations }) {
  if (violations.length === 0) return;
  process.exitCode = 1;
  for (const { seed, kind, property } of violations.slice(0, 5)) {
    console.log(`\n${property}: seed ${seed}; again, step by step:`);
    console.log(`  node ts/test/table/campaign.mjs --kind ${kind} --seed ${seed} --runs 1 --trace`);
  }
}

async function all(runs) {
  for (const kind of kindNames) blame(await campaign(kind, undefined, Math.ceil(runs / kindNames.length)));
  for (const [defect, { kind }] of Object.entries(planted)) {
    const { violatedCount } = await campaign(kind, defect, Math.max(plantedLeast, Math.ceil(runs * plantedShare)));
    if (violatedCount > 0) continue;
    console.log(`\nThe planted defect ${defect} was not found out.`);
    process.exitCode = 1;
  }
}

const kind = values.kind ?? planted[values.planted]?.kind;
if (values.help) console.log(help);
else if (values.planted !== undefined && planted[values.planted] === undefined)
  fail(`there is no defect "${values.planted}"`);
else if (kind !== undefined && !kindNames.includes(kind)) fail(`there is no kind "${kind}"`);
else if (values.trace) {
  if (kind === undefined) fail("--trace needs --kind or --planted");
  const plan = { kind, defect: values.planted, nodes: number("nodes", undefined, [5, 20]) };
  const { counts, violation } = play({ ...plan, seed: number("seed", 1, [0, 2 ** 32 - 1]), trace: console.log });
  console.log(counts, violation ?? "nothing violated");
} else {
  const runs = number("runs", 500, [1, 1e9]);
  if (kind === undefined) await all(runs);
  else {
    const tally = await campaign(kind, values.planted, runs);
    if (values.planted === undefined) blame(tally);
  }
}
