// Seeds over threads: each thread has two under way, so that it never waits. Stops at what the caller wants no more of.
import { Worker } from "node:worker_threads";
import { loadSimulator } from "./simulator.mjs";

const script = new URL("campaign-worker.mjs", import.meta.url);
const underWay = 2;
/** A run leaves much behind that died young: with more room for it, less of it is copied. */
const resourceLimits = { maxYoungGenerationSizeMb: 96 };

/**
 * Runs seeds `from … from + count − 1`; calls `done` with each result in the order of the seeds.
 * @param done answers false to stop.
 */
export async function runSeeds({ from, count, threads, dist, plan }, done) {
  if (threads === 0) return runHere({ from, count, dist, plan }, done);
  const results = new Map();
  let [next, told, isOver] = [from, from, false];
  const end = from + count;
  const tell = () => {
    for (; results.has(told) && !isOver; told++) {
      isOver = done(results.get(told)) === false;
      results.delete(told);
    }
    return isOver || told === end;
  };
  await Promise.all(
    Array.from({ length: Math.min(threads, count) }, () =>
      serve(
        new Worker(script, { workerData: { dist, plan }, resourceLimits }),
        () => (next < end && !isOver ? next++ : undefined),
        (result) => {
          results.set(result.seed, result);
          return tell();
        },
      ),
    ),
  );
}

/** Without threads: what is short is over before one has begun. */
async function runHere({ from, count, dist, plan }, done) {
  const { planOf, run } = await loadSimulator(dist);
  for (let seed = from; seed < from + count; seed++) {
    if (done({ seed, ...run(planOf({ ...plan, seed })) }) === false) return;
  }
}

/** Feeds one thread until there is nothing more to do. */
async function serve(worker, take, took) {
  let waiting = 0;
  const feed = () => {
    const seed = take();
    if (seed === undefined) return;
    waiting++;
    worker.postMessage(seed);
  };
  try {
    await new Promise((resolve, reject) => {
      worker.on("error", reject);
      worker.on("message", (message) => {
        if (message === "ready") for (let i = 0; i < underWay; i++) feed();
        else {
          waiting--;
          if (took(message)) return resolve();
          feed();
        }
        if (waiting === 0) resolve();
      });
    });
  } finally {
    await worker.terminate();
  }
}
