// How much a randomised test tries: a little at every run, a lot with MOTET_TESTS=all.

const isFull = process.env["MOTET_TESTS"] === "all";

/** A number of runs. */
export const runs = (short: number, full: number): number => (isFull ? full : short);

/** For tests that take seconds on a busy machine, ms. */
export const longTest = isFull ? 600_000 : 60_000;
