// What a record of the table is at some time: section 8.2 as far as a clock decides, and how long tombstones are kept (8.7).

import { Limit, type Code } from "../gen/registry.js";
import { KeyKind } from "./key-id.js";

/** What of a record the clock judges. */
export interface TableTimes {
  readonly kind: number;
  readonly sequence: bigint;
  /** Unix ms. */
  readonly issued: bigint;
  readonly expires: bigint;
  readonly flags: number;
}

export function isTombstone({ flags }: { readonly flags: number }): boolean {
  return (flags & 1) === 1;
}

/** When a record is forgotten, unix ms. @param maxTtl of the descriptor, seconds. */
export function endOf(times: TableTimes, maxTtl: number): number {
  const { issued, expires } = times;
  // r[keep.expired] mutate: `isTombstone(times)` => `false`
  return isTombstone(times) ? Number(issued) + maxTtl * 1000 + Limit.TOMBSTONE_EXTRA_MS : Number(expires);
}

/** The code with which a record is refused for its time; undefined when it is not. @param now unix ms. */
export function timeDefect(times: TableTimes, maxTtl: number, now: number): Code | undefined {
  // r[table.record.expired]
  if (endOf(times, maxTtl) <= now) return "EXPIRED";
  const latest = BigInt(Math.floor(now) + Limit.TABLE_AHEAD_MS);
  const isNumberedAhead = times.kind === KeyKind.SHARED && times.sequence > latest * 1000n;
  // r[table.record.future]
  if (times.issued > latest || isNumberedAhead) return "FUTURE";
  return undefined;
}
