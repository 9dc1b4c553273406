// Writes RESULTS.md and the plots beside it: `make sim-ring-report`, or `node ts/test/ring/report.mjs [job …]` to play only some jobs
// anew and take the results of an earlier run for the others. The job "campaign" plays a million schedules of `make sim-ring`.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { playCampaign } from "./report-campaign.mjs";
import { jobs } from "./report-jobs.mjs";
import { plotsOf } from "./report-plots.mjs";
import { textOf } from "./report-text.mjs";

const threads = 2;
const heapMb = 4096;
const kept = new URL("../../../node_modules/.cache/sim-ring-report/", import.meta.url);
const fileOf = (name) => new URL(`${name}.json`, kept);
const names = [...Object.keys(jobs), "campaign"];

/** A thread that takes jobs until none waits. */
async function playWaiting(waiting) {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    await keep(name, () => play(name));
  }
}

async function keep(name, played) {
  const begin = Date.now();
  writeFileSync(fileOf(name), JSON.stringify(await played()));
  console.log(`${name}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
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
const unknown = wanted.filter((name) => !names.includes(name) && name !== "text");
if (unknown.length > 0) {
  console.error(`There is no job ${unknown.join(", ")}; there are: ${names.join(", ")}, and text for the text alone`);
  process.exit(2);
}
mkdirSync(kept, { recursive: true });
const chosen = wanted.length > 0 ? wanted : names;
const waiting = chosen.filter((name) => name in jobs);
await Promise.all(Array.from({ length: threads }, () => playWaiting(waiting)));
if (chosen.includes("campaign")) {
  await playCampaign(threads, (played) => writeFileSync(fileOf("campaign"), JSON.stringify(played)));
}
const results = Object.fromEntries(names.map((name) => [name, JSON.parse(readFileSync(fileOf(name), "utf8"))]));
mkdirSync(new URL("plots/", import.meta.url), { recursive: true });
for (const [name, svg] of await plotsOf(results)) writeFileSync(new URL(`plots/${name}.svg`, import.meta.url), svg);
const target = new URL("RESULTS.md", import.meta.url);
writeFileSync(target, textOf(results));
console.log(`Written: ${fileURLToPath(target)}`);
