// Everything that the report is made of, by name: what is played and in what size. Each job is a function of its numbers alone, so
// the same job gives the same result anywhere.
import { forgotCopies, playLoss, playOverlap } from "./loss.mjs";
import { playPartition } from "./partition.mjs";
import { planted } from "./planted.mjs";
import { kindNames, playPiece } from "./tally.mjs";

const runs = Number(process.env.MOTET_RUNS ?? 100);
const plantedRuns = 20;
const partitionRuns = 12;
const nodes = 1000;
const rings = 100;
/** Keys in each ring: more where little is lost. */
const keysOf = { 1: 20_000, 2: 40_000, 3: 40_000 };
const losses = [1, 2, 3].flatMap((copies) => [100, 200, 300, 400, 500].map((dead) => ({ copies, dead })));
const isCountable = ({ copies, dead }) => copies === 1 || dead >= (copies === 2 ? 300 : 400);
const sizes = [6, 8, 10, 12, 16, 20, 30, 50, 100];

/** Heavy ones first: workers take them in this order. */
export const jobs = {
  ...Object.fromEntries(
    kindNames.map((kind) => [`kind-${kind}`, () => playPiece({ from: 1, count: runs, plan: { kind } })]),
  ),
  ...Object.fromEntries(
    Object.entries(planted).map(([defect, { kind }]) => [
      `planted-${defect}`,
      () => playPiece({ from: 1, count: plantedRuns, plan: { kind, defect } }),
    ]),
  ),
  ...Object.fromEntries(
    losses
      .filter(isCountable)
      .map(({ copies, dead }) => [
        `loss-${copies}-${dead}`,
        () => playLoss({ nodes, dead, tables: 5, copies, rings, keys: keysOf[copies], seed: 1 }),
      ]),
  ),
  ...Object.fromEntries(
    [2, 3, 4, 5].map((parts) => [`parts-${parts}`, () => playPartition({ nodes: 15, parts, runs: partitionRuns })]),
  ),
  "forgot-2-500": () =>
    playLoss({ nodes, dead: 500, tables: 5, copies: 2, rings, keys: 10_000, seed: 1, holdersLost: forgotCopies }),
  ...Object.fromEntries(
    sizes.map((size) => [
      `overlap-${size}`,
      () => playOverlap({ nodes: size, tables: 5, copies: 2, least: 5, keys: 200_000, seed: 1 }),
    ]),
  ),
};
