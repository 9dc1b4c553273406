// make sim: many simulated runs, each drawn from its seed, on two threads. Says what they came to; a violated property is told with
// its seed, made small, and written down for `motet replay`.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mustBeFound, playPieces } from "../campaign/campaign.mjs";
import { Options } from "../campaign/options.mjs";
import { planted, plant, uproot } from "./mutants.mjs";
import { loadSimulator, ownDist } from "./simulator.mjs";
import { Tally } from "./tally.mjs";

const { faultNames, parseAdjacency, topologyNames, shrink } = await loadSimulator();

const help = `make sim ARGS="…", or node ts/test/sim/campaign.mjs …
  --seeds NUMBER        runs (1000)
  --seed NUMBER         the first seed, or the only one with --seeds 1 (1)
  --nodes NUMBER        honest nodes (50)
  --topology NAME       ${topologyNames.join(", ")} (random)
  --adjacency FILE      links from a file: a line "0 1 2" links node 0 with 1 and 2
  --broadcasts NUMBER   broadcasts in each run (44)
  --attackers NUMBER    attackers in runs with attacks (2)
  --faults NAMES        kinds to draw from, or none: ${faultNames.join(",")}
  --verify-us NUMBER    what a signature takes to verify (drawn)
  --bandwidth NUMBER    bytes a second of a link (drawn; 0: no bound)
  --threads NUMBER      0 for none (2)
  --out FOLDER          where traces go (node_modules/.cache/sim)
  --no-shrink           leave what violates a property as it is
  --planted             look for five planted defects instead, in at most --seeds runs each (50)`;

const sizes = ["seeds", "nodes", "broadcasts", "attackers", "verify-us", "bandwidth", "threads"];
const options = new Options("sim", {
  names: ["seed", "topology", "adjacency", "faults", "out", ...sizes],
  flags: ["planted", "no-shrink"],
});
const { values } = options;
const module = new URL("play.mjs", import.meta.url).href;

function faultsOf(text) {
  if (text === undefined) return faultNames;
  const names = text === "none" ? [] : text.split(",");
  const unknown = names.find((name) => !faultNames.includes(name));
  if (unknown !== undefined)
    options.fail(`there is no fault "${unknown}"; use some of ${faultNames.join(",")}, or none`);
  return names;
}

function adjacency(file) {
  try {
    return file === undefined ? undefined : parseAdjacency(readFileSync(file, "utf8"));
  } catch (error) {
    return options.fail(`${file}: ${error.message}`);
  }
}

function planOptions() {
  const given = adjacency(values.adjacency);
  return {
    nodes: given?.nodes ?? options.number("nodes", 50, [2, 1000]),
    ...(given && { links: given.links }),
    topology: options.oneOf("topology", topologyNames, "random"),
    broadcasts: options.number("broadcasts", 44, [1, 100_000]),
    attackers: options.number("attackers", 2, [0, 100]),
    faults: faultsOf(values.faults),
    verifyUs: options.number("verify-us", undefined, [0, 1_000_000]),
    bytesPerSecond: options.number("bandwidth", undefined, [0, 1_000_000_000]),
  };
}

const folder = path.resolve(values.out ?? "node_modules/.cache/sim");

/** Tells of the first violation of a run, makes the run small, and writes it down. */
async function report({ seed, property, detail }, { dist, plan }) {
  console.log(`\nviolated     ${property}, seed ${seed}\n             ${detail}`);
  const { planOf, run, trace, formatTrace } = await loadSimulator(dist);
  const { scenario, runs } = shrink(planOf({ ...plan, seed }), property, run, values["no-shrink"] ? 0 : undefined);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${property}-${seed}.jsonl`);
  writeFileSync(file, [...formatTrace(trace(scenario)), ""].join("\n"));
  const nodes = scenario.nodes + scenario.attackers - scenario.absent.length;
  console.log(`             shrunk to ${nodes} nodes and ${scenario.actions.length} actions in ${runs} runs`);
  console.log(`             motet replay ${path.relative(process.cwd(), file)}`);
}

async function campaign({ from, count, threads, dist, plan }) {
  const pieces = seeds(from, count, { dist, plan });
  const tally = new Tally();
  const seconds = await playPieces({ module, pieces, threads, of: `${count} seeds` }, (result) => {
    tally.add(result);
    return result.violations.length === 0 && tally.seeds;
  });
  return { tally, seconds };
}

function* seeds(from, count, piece) {
  for (let seed = from; seed < from + count; seed++) yield { ...piece, seed };
}

async function honest() {
  const settings = { ...common(), count: options.number("seeds", 1000, [1, 1e7]), dist: ownDist };
  const { tally, seconds } = await campaign(settings);
  console.log(tally.summary(seconds));
  if (tally.violations.length === 0) return;
  process.exitCode = 1;
  await report(tally.violations[0], settings);
}

async function plantedOnes() {
  for (const defect of planted) {
    const dist = plant(defect);
    try {
      const settings = { ...common(), count: options.number("seeds", 50, [1, 1e7]), dist };
      const { tally } = await campaign(settings);
      const isFound = tally.violations.length > 0;
      console.log(`\nplanted      ${defect.name}: ${defect.what}`);
      mustBeFound(isFound, `NOT FOUND    in ${tally.seeds} seeds`);
      if (!isFound) continue;
      console.log(`found        in ${tally.seeds} of at most ${settings.count} seeds`);
      await report(tally.violations[0], settings);
    } finally {
      uproot(dist);
    }
  }
}

const common = () => ({ from: options.seed, threads: options.threads, plan: planOptions() });

if (values.help) console.log(help);
else await (values.planted ? plantedOnes() : honest());
