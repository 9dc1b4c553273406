// The outcome of a churn test in words and numbers.

import type { ChurnPlan } from "./churn.js";
import type { Margins, Verdict } from "./churn-verdict.js";

const thousands = new Intl.NumberFormat("en");
const show = (count: number): string => thousands.format(count);

/** The value that a part of the sorted values does not exceed. */
const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;

export function reportOf(plan: ChurnPlan, margins: Margins, verdict: Verdict): string {
  const { processes, knownOthers, killedPerTick, tickMs, ticks, seed } = plan;
  const { originMs, beforeMs, afterMs } = margins;
  const { delaysMs } = verdict;
  const missed = verdict.misses.filter(({ wasCutOff }) => !wasCutOff);
  const rows: readonly (readonly [string, string])[] = [
    ["seed", String(seed)],
    ["processes", show(processes)],
    ["kills (SIGKILL), each with a restart", show(verdict.kills)],
    ["broadcasts made", show(verdict.broadcasts)],
    [
      `of them with an origin that lived on for ${originMs} ms, and receivers that lived around`,
      show(verdict.messages),
    ],
    [`deliveries owed: receivers that lived from ${beforeMs} ms before to ${afterMs} ms after`, show(verdict.owed)],
    ["of them missed though a path of processes that lived on led there", show(missed.length)],
    ["of them missed where none did", show(verdict.misses.length - missed.length)],
    ["deliveries in all, to all runs of all processes", show(verdict.deliveries)],
    ["of them a second time in one run", show(verdict.duplicates)],
    [
      "ms from broadcast to owed delivery: median, p99, most",
      [0.5, 0.99, 1].map((part) => quantile(delaysMs, part)).join(", "),
    ],
  ];
  return [
    "# Processes that are killed all the time",
    "",
    `${processes} processes over TLS, each of which knows the two addresses of ${knownOthers} others; every ${tickMs} ms, ${ticks} times, ${killedPerTick} random ones are`,
    "killed and started again within 0.2 s, with the same identity, at one of its two addresses. All broadcast as long as they live,",
    "from within 0.1 s after their first peer. Written by `make churn`; `MOTET_SEED` repeats its random choices.",
    "",
    "| | |",
    "|---|---:|",
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    "",
    ...verdict.misses.map((miss) => `missed: ${JSON.stringify(miss)}\n`),
  ].join("\n");
}
