// The campaign of the report: a million schedules, in the shares in which `make sim-ring` plays them, part by part. What is done is
// kept after each part, so that a campaign that is ended early still tells its true number.
import { piecesOf } from "../campaign/campaign.mjs";
import { overThreads } from "../campaign/pool.mjs";
import { emptyTally } from "./tally.mjs";

const parts = Number(process.env.MOTET_PARTS ?? 10);
const schedulesOfPart = 100_000;
const pieceMost = 250;
const shares = { hold: 0.45, heal: 0.45, liars: 0.1, classic: 0.0225 };

function piecesOfPart(part) {
  return Object.entries(shares).flatMap(([kind, share]) => {
    const count = Math.round(schedulesOfPart * share);
    return [...piecesOf({ from: 1 + part * count, count, plan: { kind }, pieceMost })];
  });
}

/** Plays all parts; `keep` gets what has been played so far after each. */
export async function playCampaign(threads, keep) {
  const tallies = Object.fromEntries(Object.keys(shares).map((kind) => [kind, emptyTally()]));
  const module = new URL("tally.mjs", import.meta.url).href;
  for (let part = 0; part < parts; part++) {
    const pieces = piecesOfPart(part);
    let at = 0;
    await overThreads({ module, pieces, threads }, (result) => tallies[pieces[at++].plan.kind].add(result));
    keep(Object.fromEntries(Object.entries(tallies).map(([kind, tally]) => [kind, told(tally)])));
  }
}

const told = ({ sums, hash }) => ({ ...sums, violations: sums.violations.slice(0, 5), hash });
