// Writes RESULTS.md and the plots beside a simulation: plays its jobs, each in a thread of its own, keeps what they came to, so that one
// job can be played anew, and draws and writes out of all that is kept. Jobs, plots and words are the simulation's.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

export const threads = 2;

class Report {
  #kept;
  #heapMb;
  #module;

  constructor({ name, module, heapMb = 4096 }) {
    this.#kept = new URL(`../../../node_modules/.cache/${name}/`, import.meta.url);
    this.#module = module;
    this.#heapMb = heapMb;
    mkdirSync(this.#kept, { recursive: true });
  }

  #fileOf(name) {
    return new URL(`${name}.json`, this.#kept);
  }

  keep(name, result) {
    writeFileSync(this.#fileOf(name), JSON.stringify(result));
  }

  kept(name) {
    return JSON.parse(readFileSync(this.#fileOf(name), "utf8"));
  }

  /** Plays jobs, as many at once as there are threads; the first ones first. */
  async play(names) {
    const waiting = [...names];
    const playWaiting = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        const began = performance.now();
        this.keep(name, await this.#playOne(name));
        console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
      }
    };
    await Promise.all(Array.from({ length: threads }, playWaiting));
  }

  #playOne(name) {
    const options = {
      workerData: { module: this.#module, name },
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMb, maxYoungGenerationSizeMb: 96 },
    };
    const worker = new Worker(new URL("job-worker.mjs", import.meta.url), options);
    return new Promise((resolve, reject) => {
      worker.on("error", reject);
      worker.on("message", resolve);
    });
  }
}

/** The names that were asked for, all if none were; "text" plays nothing. */
function wantedOf(names) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !names.includes(name) && name !== "text");
  if (unknown.length > 0) {
    console.error(`There is no job ${unknown.join(", ")}; there are: ${names.join(", ")}, and text for the text alone`);
    process.exit(2);
  }
  return wanted.length > 0 ? wanted : names;
}

/**
 * Plays what the command line names, or everything, and writes.
 * @param folder where RESULTS.md goes; name: of what is kept; module: address of what exports `jobs`; wide: jobs by name that take all
 * threads themselves, called with a function that keeps what there is so far
 */
export async function writeReport({ folder, name, module, wide = {}, plotsOf, textOf, heapMb }) {
  const { jobs } = await import(module);
  const names = [...Object.keys(jobs), ...Object.keys(wide)];
  const wanted = wantedOf(names);
  const report = new Report({ name, module, heapMb });
  await report.play(wanted.filter((one) => one in jobs));
  for (const one of wanted.filter((other) => other in wide)) await wide[one]((result) => report.keep(one, result));
  const results = Object.fromEntries(names.map((one) => [one, report.kept(one)]));
  mkdirSync(new URL("plots/", folder), { recursive: true });
  for (const [plot, svg] of await plotsOf(results)) writeFileSync(new URL(`plots/${plot}.svg`, folder), svg);
  const target = new URL("RESULTS.md", folder);
  writeFileSync(target, textOf(results));
  console.log(`Written: ${fileURLToPath(target)}`);
}
