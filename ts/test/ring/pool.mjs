// Pieces of work over threads; their results come in the order of the pieces.
import { Worker } from "node:worker_threads";

/** Does `pieces` with the worker `script` on some threads and calls `done` with each result in order. */
export async function overThreads({ script, pieces, threads, here }, done) {
  if (threads === 0) {
    for (const piece of pieces) done(await here(piece));
    return;
  }
  const results = [];
  let [next, told] = [0, 0];
  const serve = async () => {
    const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: 64 } });
    try {
      while (next < pieces.length) {
        const place = next++;
        results[place] = await answerOf(worker, pieces[place]);
        for (; results[told] !== undefined; told++) {
          done(results[told]);
          results[told] = null;
        }
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, pieces.length) }, serve));
}

function answerOf(worker, piece) {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (answer) => {
      worker.off("error", reject);
      resolve(answer);
    });
    worker.postMessage(piece);
  });
}
