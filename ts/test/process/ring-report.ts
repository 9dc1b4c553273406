// The outcome of the ring test in words and numbers.

import type { LookupRecord, RingPlan } from "./ring.js";

export interface RingOutcome {
  readonly kills: number;
  readonly joinsMs: readonly number[];
  readonly lookups: readonly LookupRecord[];
}

const thousands = new Intl.NumberFormat("en");

/** Median, p99 and most. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;
  return [0.5, 0.99, 1].map((part) => Math.round(at(part))).join(", ");
}

export const isWrong = ({ found, expected }: LookupRecord): boolean => found !== expected;

export function ringReportOf(plan: RingPlan, { kills, joinsMs, lookups }: RingOutcome): string {
  const { processes, killedPerTick, ticks, tickMs, stabilizeMs, rounds, seed } = plan;
  const after = lookups.filter(({ isAfterKill }) => isAfterKill);
  const later = lookups.filter(({ isAfterKill }) => !isAfterKill);
  const count = (of: readonly LookupRecord[]): string => thousands.format(of.length);
  const rows: readonly (readonly [string, string])[] = [
    ["seed", String(seed)],
    ["kills (SIGKILL), each with a restart", String(kills)],
    [`lookups by survivors, ${(rounds * stabilizeMs) / 1000} s after the kills`, count(after)],
    ["of them with the wrong owner, or none", count(after.filter(isWrong))],
    [`lookups by all, with everybody there again, ${tickMs / 1000} s after the kills`, count(later)],
    ["of them with the wrong owner, or none", count(later.filter(isWrong))],
    ["hops: median, p99, most", spread(lookups.map(({ hops }) => hops))],
    ["ms of a lookup: median, p99, most", spread(lookups.map(({ ms }) => ms))],
    ["ms from the start of a process to its place on the ring: median, p99, most", spread(joinsMs)],
  ];
  return [
    "# A ring of processes, of which some are killed at once",
    "",
    `${processes} processes over TLS form a ring that stabilizes every ${stabilizeMs} ms. ${ticks} times, ${tickMs} ms or more apart, ${killedPerTick} random ones are`,
    `killed at once; ${rounds} rounds later every survivor looks up random positions and those of the killed, each of which must lead to`,
    "the survivor that is next. Then the killed are started again with their identities and join through four addresses that they",
    "know, some of them dead. Written by `make ring`; `MOTET_SEED` repeats its random choices.",
    "",
    "| | |",
    "|---|---:|",
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    "",
    ...lookups.filter(isWrong).map((wrong) => `wrong: ${JSON.stringify(wrong)}\n`),
  ].join("\n");
}
