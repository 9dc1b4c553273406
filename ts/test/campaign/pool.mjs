// Pieces of work over threads; their results come in the order of the pieces. What a piece is, and how it is played, is known by the
// module that exports `playPiece` alone.
import { Worker } from "node:worker_threads";

const script = new URL("piece-worker.mjs", import.meta.url);
/** Simulations leave much behind that died young: with more room for it, less of it is copied. */
const resourceLimits = { maxYoungGenerationSizeMb: 96 };

/**
 * Plays `pieces` (anything that can be iterated) by `playPiece` of the module at the address `module`, without threads where there
 * are to be none; calls `done` with each result in order.
 * @param done answers false to stop.
 */
export async function overThreads({ module, pieces, threads }, done) {
  if (threads === 0) return playHere(module, pieces, done);
  const waiting = pieces[Symbol.iterator]();
  const results = new Map();
  let [next, told, isOver] = [0, 0, false];
  const take = () => {
    const { value, done: isEmpty } = isOver ? { done: true } : waiting.next();
    return isEmpty ? undefined : { place: next++, piece: value };
  };
  const took = (place, result) => {
    results.set(place, result);
    for (; results.has(told) && !isOver; told++) {
      isOver = done(results.get(told)) === false;
      results.delete(told);
    }
  };
  await Promise.all(Array.from({ length: threads }, () => serve(module, take, took)));
}

async function playHere(module, pieces, done) {
  const { playPiece } = await import(module);
  for (const piece of pieces) if (done(await playPiece(piece)) === false) return;
}

/** Feeds one thread until there is nothing more to do. */
async function serve(module, take, took) {
  let taken = take();
  if (taken === undefined) return;
  const worker = new Worker(script, { workerData: module, resourceLimits });
  try {
    for (; taken !== undefined; taken = take()) took(taken.place, await answerOf(worker, taken.piece));
  } finally {
    await worker.terminate();
  }
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
