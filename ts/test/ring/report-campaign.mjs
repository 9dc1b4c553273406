// The campaign of the report: a million schedules, in the shares in which `make sim-ring` plays them, part by part. What is done is
// kept after each part, so that a campaign that is ended early still tells its true number.
import { overThreads } from "./pool.mjs";
import { playPiece, Tally } from "./tally.mjs";

const parts = Number(process.env.MOTET_PARTS ?? 10);
const schedulesOfPart = 100_000;
const pieceMost = 250;
const shares = { hold: 0.45, heal: 0.45, liars: 0.1, classic: 0.0225 };

function piecesOf(part) {
  return Object.entries(shares).flatMap(([kind, share]) => {
    const count = Math.round(schedulesOfPart * share);
    const pieces = [];
    for (let at = 0; at < count; at += pieceMost) {
      pieces.push({ from: 1 + part * count + at, count: Math.min(pieceMost, count - at), plan: { kind } });
    }
    return pieces;
  });
}

/** Plays all parts; `keep` gets what has been played so far after each. */
export async function playCampaign(threads, keep) {
  const tallies = Object.fromEntries(Object.keys(shares).map((kind) => [kind, new Tally()]));
  const script = new URL("campaign-worker.mjs", import.meta.url);
  for (let part = 0; part < parts; part++) {
    const pieces = piecesOf(part);
    let at = 0;
    await overThreads({ script, pieces, threads, here: playPiece }, (result) => {
      tallies[pieces[at++].plan.kind].add(result);
    });
    keep(Object.fromEntries(Object.entries(tallies).map(([kind, tally]) => [kind, told(tally)])));
  }
}

const told = ({ schedules, counts, violated, violations, hash }) => ({
  schedules,
  counts,
  violated,
  violations: violations.slice(0, 5),
  hash,
});
