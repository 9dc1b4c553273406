// Which told addresses are left alone because dials there failed: section 1.8. Keeps a bounded memory of them, in which the
// place that failed longest ago goes first; addresses that are exempt never get in.

import type { Limits } from "../ports/index.js";
import { countedPlaceOf } from "./counted-place.js";

/** Places remembered: what a minute of failing dials can fill several times over is not worth more. */
const mostPlaces = 4096;
const minuteMs = 60_000;

interface Failing {
  /** Failures in a row. */
  readonly count: number;
  /** Not to be dialled before, unix ms. */
  readonly until: number;
}

export class DialFailures {
  readonly #limits: Limits;
  /** By host and port, the one that failed last at the end. */
  readonly #places = new Map<string, Failing>();
  /** Times of the last DIAL_PREFIX_FAILURES failures by prefix. */
  readonly #prefixes = new Map<string, readonly number[]>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Whether a told address may be dialled, as far as failures go. @param now unix ms. */
  mayDial(address: string, now: number): boolean {
    const place = countedPlaceOf(address);
    if (place === undefined) return true;
    const until = this.#places.get(keyOf(place))?.until ?? 0;
    // r[dial.told.failed] also
    if (now < until) return false;
    const times = this.#prefixes.get(place.prefix) ?? [];
    const [first = 0] = times;
    // r[dial.told.prefix] also
    if (times.length >= this.#limits.DIAL_PREFIX_FAILURES && now < first + minuteMs) return false;
    return true;
  }

  failed(address: string, now: number): void {
    const place = countedPlaceOf(address);
    if (place === undefined) return;
    const key = keyOf(place);
    const count = (this.#places.get(key)?.count ?? 0) + 1;
    put(this.#places, key, { count, until: now + this.#penaltyMs(count) });
    const times = [...(this.#prefixes.get(place.prefix) ?? []), now];
    put(this.#prefixes, place.prefix, times.slice(-this.#limits.DIAL_PREFIX_FAILURES));
  }

  /** A dial led to a session: failures there are not in a row any more. */
  succeeded(address: string): void {
    const place = countedPlaceOf(address);
    if (place !== undefined) this.#places.delete(keyOf(place));
  }

  #penaltyMs(count: number): number {
    const { DIAL_FAILURES, DIAL_PENALTY_MS, RECORD_LIFETIME_MS } = this.#limits;
    if (count < DIAL_FAILURES) return 0;
    return Math.min(RECORD_LIFETIME_MS, DIAL_PENALTY_MS * 2 ** Math.min(count - DIAL_FAILURES, 30));
  }
}

const keyOf = ({ ip, port }: { readonly ip: string; readonly port: number }): string => `${ip} ${port}`;

/** Puts an entry at the end; the first one goes when there are too many. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  const [first] = map.keys();
  if (first !== undefined && map.size >= mostPlaces) map.delete(first);
  map.set(key, value);
}
