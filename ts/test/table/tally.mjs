// What many runs of the table come to: beside the sums of every campaign, how long its operations took.
import { addCounts, playSeeds, Tally as Sums } from "../campaign/tally.mjs";
import { kinds, play } from "./schedule.mjs";

export class Tally extends Sums {
  /** How long operations took: see the ledger. */
  times = { hit: {}, nothing: {}, put: {} };

  constructor() {
    super(["rounds"]);
  }

  add(piece) {
    super.add(piece);
    for (const [what, taken] of Object.entries(piece.times)) addCounts(this.times[what], taken);
  }

  /** So many ms, or fewer, a share of the operations took. */
  quantile(what, share) {
    const taken = Object.entries(this.times[what]).sort(([a], [b]) => a - b);
    let left = share * taken.reduce((sum, [, count]) => sum + count, 0);
    for (const [ms, count] of taken) if ((left -= count) <= 0) return Number(ms);
    return NaN;
  }

  get sums() {
    return { ...super.sums, times: this.times };
  }
}

const lineOf = (seed, { counts, violation }) => `${seed} ${Object.values(counts).join(" ")} ${violation ?? ""}\n`;

/** Plays runs `from … from + count − 1` of one kind. */
export const playPiece = (piece) => playSeeds(piece, { play, lineOf, tally: new Tally() });

export const kindNames = Object.keys(kinds);
