// Writes RESULTS.md and the plots beside it: `make sim-report`, or `node ts/test/sim/report.mjs [job …]` to play only some
// jobs anew and take the results of an earlier run for the others.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { jobs } from "./large/jobs.mjs";
import { plotsOf } from "./report-plots.mjs";
import { textOf } from "./report-text.mjs";

const threads = 2;
/** 10^5 machines are many objects. */
const heapMb = 8192;
const kept = new URL("../../../node_modules/.cache/sim-report/", import.meta.url);
const fileOf = (name) => new URL(`${name}.json`, kept);

function playAll(names) {
  const waiting = [...names];
  return Promise.all(Array.from({ length: Math.min(threads, waiting.length) }, () => playWaiting(waiting)));
}

/** A thread that takes jobs until none waits. */
async function playWaiting(waiting) {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const begin = Date.now();
    const result = await play(name);
    writeFileSync(fileOf(name), JSON.stringify(result));
    console.log(`${name}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  }
}

/** Plays one job in a thread of its own. */
function play(name) {
  const options = { workerData: name, resourceLimits: { maxOldGenerationSizeMb: heapMb } };
  const worker = new Worker(new URL("report-worker.mjs", import.meta.url), options);
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", resolve);
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in jobs));
if (unknown.length > 0) {
  console.error(`There is no job ${unknown.join(", ")}; there are: ${Object.keys(jobs).join(", ")}`);
  process.exit(2);
}
mkdirSync(kept, { recursive: true });
await playAll(wanted.length > 0 ? wanted : Object.keys(jobs));
const results = Object.fromEntries(
  Object.keys(jobs).map((name) => [name, JSON.parse(readFileSync(fileOf(name), "utf8"))]),
);
mkdirSync(new URL("plots/", import.meta.url), { recursive: true });
for (const [name, svg] of await plotsOf(results)) writeFileSync(new URL(`plots/${name}.svg`, import.meta.url), svg);
const target = new URL("RESULTS.md", import.meta.url);
writeFileSync(target, textOf(results));
console.log(`Written: ${fileURLToPath(target)}`);
