// The outcome of the table test in words and numbers.

import type { ReadRecord, TableOutcome, TablePlan } from "./table.js";

const thousands = new Intl.NumberFormat("en");

const at = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;

/** A part of the values is at most this. */
const quantile = (values: readonly number[], part: number): number =>
  at(
    values.toSorted((a, b) => a - b),
    part,
  );

/** Median, p99 and most. */
const spread = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return [0.5, 0.99, 1].map((part) => at(sorted, part).toFixed(0)).join(", ");
};

const medianAndMost = (values: readonly number[]): string =>
  [quantile(values, 0.5), Math.max(...values)].map((value) => thousands.format(Math.round(value))).join(", ");

/** p99 of absent keys in terms of that of keys that are there, of the reads that were right at once. */
export function missRatio(reads: readonly ReadRecord[], when: ReadRecord["when"]): number {
  const times = (isMiss: boolean): number[] =>
    reads.filter((read) => read.when === when && read.isMiss === isMiss && read.bad.length === 0).map(({ ms }) => ms);
  return quantile(times(true), 0.99) / quantile(times(false), 0.99);
}

const nth = (number: number): string => ["", "", "second ", "third "][number] ?? `${number}th `;

const isHit = ({ isMiss }: ReadRecord): boolean => !isMiss;

/** Read by no try, however late. */
export const isLost = (read: ReadRecord): boolean => isHit(read) && !read.isRight;

/** Said to be absent, or to be something else, though it was acknowledged. */
export const isUntrue = (read: ReadRecord): boolean =>
  isHit(read) && read.bad.some(({ outcome }) => outcome === "absent" || outcome === "wrong");

/** Latencies of hits and misses of one time. */
function latencyRows(reads: readonly ReadRecord[], when: ReadRecord["when"], words: string): [string, string][] {
  const of = reads.filter((read) => read.when === when);
  const ms = (isMiss: boolean): string => spread(of.filter((read) => read.isMiss === isMiss).map((read) => read.ms));
  return [
    [`ms to read a key that is there, ${words}: median, p99, most`, ms(false)],
    [`ms to read an absent key, ${words}: median, p99, most`, ms(true)],
    [`p99 of absent keys in terms of the other, ${words}`, missRatio(reads, when).toFixed(2)],
  ];
}

/** Per round, when the last key was read for the first time. */
function firstReads(reads: readonly ReadRecord[]): string {
  const first = new Map<string, number>();
  for (const { round, name, afterKillMs = Infinity } of reads) {
    const key = `${round} ${name}`;
    first.set(key, Math.min(first.get(key) ?? Infinity, afterKillMs));
  }
  const last = new Map<string, number>();
  for (const [key, ms] of first) {
    const [round = ""] = key.split(" ");
    last.set(round, Math.max(last.get(round) ?? 0, ms));
  }
  return medianAndMost(Array.from(last.values()));
}

/** Codes and how often each came. */
function tally(codes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return Array.from(counts, ([code, count]) => `${code} ${thousands.format(count)}`).join(", ") || "none";
}

function rowsOf(plan: TablePlan, outcome: TableOutcome): [string, string][] {
  const { reads, kills, emptied, writes, wholeReadsMs, processorMs } = outcome;
  const acknowledged = writes.filter(({ isDone }) => isDone);
  const after = reads.filter((read) => read.when === "killed" && isHit(read));
  const back = reads.filter((read) => read.when === "back" && isHit(read));
  const count = (of: readonly ReadRecord[]): string => thousands.format(of.length);
  const late = after.filter(({ afterKillMs = Infinity }) => afterKillMs > 5_000);
  const lastBad = Math.max(0, ...after.flatMap(({ bad }) => bad.map((one) => one.afterKillMs)));
  return [
    ["seed", String(plan.seed)],
    ["keys acknowledged", thousands.format(acknowledged.length)],
    ["tries to write that failed, by code", tally(writes.flatMap(({ codes }) => codes))],
    ["ms to write a key: median, p99, most", spread(writes.map(({ ms }) => ms))],
    ["kills (SIGKILL), each with a restart", String(kills)],
    ["of them started again with an empty store", String(emptied)],
    ["keys read by survivors, from the kills on", count(after)],
    ["of them never found", count(after.filter(isLost))],
    ["of them said at any try to be absent, or to be another value", count(after.filter(isUntrue))],
    ["tries that failed, by code", tally(after.flatMap(({ bad }) => bad.map(({ outcome: code }) => code)))],
    ["ms after the kills at which the last of them failed", lastBad.toFixed(0)],
    ["ms after the kills until every key had been read by a survivor: median, most", firstReads(after)],
    ["ms after the kills until every survivor had read every key: median, most", medianAndMost(wholeReadsMs)],
    ["of these, ms that processors worked for the survivors, added up: median, most", medianAndMost(processorMs)],
    ["of these reads, later than 5 s after the kills, since the processors had no time before", count(late)],
    ...latencyRows(reads, "killed", "right after the kills"),
    ...latencyRows(reads, "calm", "in calm"),
    ["keys read by those that came back, after the repair", count(back)],
    [
      "of them never found, or said to be absent or another value",
      count(back.filter((read) => isLost(read) || isUntrue(read))),
    ],
  ];
}

export function tableReportOf(plan: TablePlan, outcome: TableOutcome): string {
  const { processes, killedPerRound, rounds, keys, stabilizeMs, syncMs, repairMs, emptiedEvery, readAllEvery, width } =
    plan;
  const whom =
    readAllEvery === 1
      ? "every survivor reads every key"
      : `every survivor reads, in each ${nth(readAllEvery)}round, every key, else a fifth of the keys`;
  const made = outcome.kills / killedPerRound;
  const wrong = outcome.reads.filter((read) => isLost(read) || isUntrue(read));
  return [
    "# A table held by processes, of which some are killed at once",
    "",
    `${processes} processes over TLS with stores on disk form a ring that stabilizes every ${stabilizeMs} ms and compares what`,
    `neighbours hold every ${syncMs} ms. Random ones write ${thousands.format(keys)} keys, shared, owned and immutable.`,
    `${made} times (of ${rounds}) ${killedPerRound} random ones are killed at once, and ${whom},`,
    `from the kills on, ${width} at a time, among them absent ones; a read that fails is tried again. Then the killed are started`,
    `again with their stores, every ${nth(emptiedEvery)}time with empty ones, the table has ${repairMs} ms to mend itself, and those that`,
    "came back read a share of the keys each. A whole read is as fast as the processors of the machine let it be. Written by",
    "`make table`; `MOTET_SEED` repeats its random choices. That a key is absent takes the answers of all five groups, a key that",
    "is there those of three: the fuller the processors are, the farther apart the slowest of both.",
    "",
    "| | |",
    "|---|---:|",
    ...rowsOf(plan, outcome).map(([what, value]) => `| ${what} | ${value} |`),
    "",
    ...wrong.slice(0, 20).map((read) => `wrong: ${JSON.stringify(read)}\n`),
  ].join("\n");
}
