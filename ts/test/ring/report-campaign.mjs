// The campaign of the report: a million schedules, in the shares in which `make sim-ring` plays them.
import { overThreads } from "./pool.mjs";
import { playPiece, Tally } from "./tally.mjs";

const schedules = Number(process.env.MOTET_SCHEDULES ?? 1_000_000);
const pieceMost = 500;
const shares = { hold: 0.45, heal: 0.45, liars: 0.1, classic: 0.0225 };

async function playKind(kind, count, threads) {
  const tally = new Tally();
  const pieces = [];
  for (let at = 0; at < count; at += pieceMost) {
    pieces.push({ from: 1 + at, count: Math.min(pieceMost, count - at), plan: { kind } });
  }
  const script = new URL("campaign-worker.mjs", import.meta.url);
  const began = performance.now();
  await overThreads({ script, pieces, threads, here: playPiece }, (result) => tally.add(result));
  const { schedules, counts, violated, violations, hash } = tally;
  const seconds = (performance.now() - began) / 1000;
  return { schedules, counts, violated, violations: violations.slice(0, 5), hash, seconds };
}

export async function playCampaign(threads) {
  const results = {};
  for (const [kind, share] of Object.entries(shares)) {
    results[kind] = await playKind(kind, Math.ceil(schedules * share), threads);
  }
  return results;
}
