// Many seeds of one plan over threads, and what is said of them. Knows neither plan nor simulation.
import { overThreads } from "./pool.mjs";

/** Seeds `from … from + count − 1` in pieces of at most so many. */
export function* piecesOf({ from, count, plan, pieceMost }) {
  for (let at = 0; at < count; at += pieceMost) yield { from: from + at, count: Math.min(pieceMost, count - at), plan };
}

/**
 * Plays pieces and adds what they come to; a terminal sees how far it is. Answers the seconds it took.
 * @param of how many there are in all, by what name; add: takes a result, answers how many are done, or false to stop
 */
export async function playPieces({ module, pieces, threads, of }, add) {
  const began = performance.now();
  const say = (what) => process.stderr.isTTY && process.stderr.write(what);
  await overThreads({ module, pieces, threads }, (result) => {
    const done = add(result);
    say(`\r${done === false ? "" : done} of ${of}`);
    return done !== false;
  });
  say("\r\x1b[K");
  return (performance.now() - began) / 1000;
}

/** Plays so many runs of one plan into a tally, from the seed and on the threads of the options. Answers the seconds it took. */
export function playRuns({ module, options, name, runs, plan, pieceMost }, tally) {
  const pieces = piecesOf({ from: options.seed, count: runs, plan, pieceMost });
  return playPieces({ module, pieces, threads: options.threads, of: `${runs} of ${name}` }, (result) => {
    tally.add(result);
    return tally.runs;
  });
}

/** Tells of violations, a few of them in full; the program will end with status 1. @param again the command that repeats one */
export function blame({ violations }, again) {
  if (violations.length === 0) return;
  process.exitCode = 1;
  for (const violation of violations.slice(0, 5)) {
    const { property, seed, step } = violation;
    console.log(`\n${property}: seed ${seed}${step === undefined ? "" : `, step ${step}`}; again, step by step:`);
    console.log(`  ${again(violation)}`);
  }
}

/** A planted defect must be found out: else the program ends with status 1. */
export function mustBeFound(isFound, complaint) {
  if (isFound) return;
  console.log(`\n${complaint}`);
  process.exitCode = 1;
}
