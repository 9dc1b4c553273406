// What many schedules of the ring come to.
import { playSeeds, Tally } from "../campaign/tally.mjs";
import { play } from "./schedule.mjs";

export const emptyTally = () => new Tally(["roundsMost"]);

const told = ["steps", "joins", "crashes", "leaves", "lookups", "rounds"];
const lineOf = (seed, { counts, violation }) =>
  `${seed} ${told.map((name) => counts[name]).join(" ")} ${violation ?? ""}\n`;

/** Plays schedules `from … from + count − 1` of one kind. */
export const playPiece = (piece) => playSeeds(piece, { play, lineOf, tally: emptyTally() });
