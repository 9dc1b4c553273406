// What a signed network remembers of each origin: the highest accepted sequence and a window of 1,024 below it.
// Exact and bounded. Sequences are compared as two 32-bit halves; a bigint per frame would cost more than the rest.

import { Limit } from "../gen/registry.js";
import type { Limits } from "../ports/index.js";
import { AgeList } from "./age-list.js";
import { ByteTable } from "./byte-table.js";

const windowBits = Limit.SEQUENCE_WINDOW;
const windowWords = windowBits / 32;
const two32 = 2 ** 32;

/** A u63 in halves. */
export interface Sequence {
  readonly high: number;
  readonly low: number;
}

/** Where a sequence stands against what is known of its origin. */
export type Standing = "new" | "accepted" | "old";

export class Origins {
  readonly #limits: Limits;
  readonly #keepMs: number;
  readonly #table: ByteTable;
  readonly #own: number;
  #highestHigh: Uint32Array;
  #highestLow: Uint32Array;
  #window: Uint32Array;
  /** Origins but the node itself, by their last accepted broadcast. */
  readonly #ages: AgeList;
  /** Which introduction each origin counts for, 0 for none. */
  #introduction: Uint32Array;
  readonly #introduced = new Map<number, number>();

  /** @param keepMs how long an origin is remembered after its last accepted broadcast. @param ownId takes no place. */
  constructor(limits: Limits, keepMs: number, seed: number, ownId: Uint8Array) {
    this.#limits = limits;
    this.#keepMs = keepMs;
    this.#table = new ByteTable(seed);
    const { capacity } = this.#table;
    this.#highestHigh = new Uint32Array(capacity);
    this.#highestLow = new Uint32Array(capacity);
    this.#window = new Uint32Array(capacity * windowWords);
    this.#ages = new AgeList(capacity);
    this.#introduction = new Uint32Array(capacity);
    this.#own = this.#table.add(ownId, 0);
  }

  /** Origins known besides the node itself. */
  get known(): number {
    return this.#table.size - 1;
  }

  /** Entry of an origin, or −1. */
  find(bytes: Uint8Array, offset: number): number {
    return this.#table.find(bytes, offset);
  }

  /** Standing of a sequence of a known origin. */
  standing(entry: number, { high, low }: Sequence): Standing {
    const above = this.#above(entry, high, low);
    // r[mesh.sequence.above] mutate: `above > 0` => `above > 0 && above < 100000`
    if (above > 0) return "new";
    // r[mesh.sequence.window] mutate: `above <= -windowBits` => `false`
    if (above <= -windowBits) return "old";
    const bit = low % windowBits;
    const word = this.#window[entry * windowWords + (bit >>> 5)] as number;
    // r[mesh.sequence.within] mutate: `(word >>> (bit & 31)) & 1` => `1`
    return (word >>> (bit & 31)) & 1 ? "accepted" : "new";
  }

  /** Highest accepted sequence of a known origin. */
  highest(entry: number): bigint {
    return (BigInt(this.#highestHigh[entry] as number) << 32n) | BigInt(this.#highestLow[entry] as number);
  }

  /** Whether an unknown origin may take a place: steps 8 and 9 of section 4.5. Forgets what has expired, if that helps. */
  hasPlace(isPeer: boolean, introduction: number, now: number): boolean {
    const places = this.#limits.ORIGINS + (isPeer ? this.#limits.ORIGINS_DIRECT : 0);
    if (this.known >= places || this.#hasIntroducedAll(introduction)) this.#forgetExpired(now);
    // r[mesh.origins.full]
    if (this.known >= places) return false;
    // r[mesh.origins.link]
    if (!isPeer && this.#hasIntroducedAll(introduction)) return false;
    return true;
  }

  /** Whether a session has introduced as many origins that are still known as it may. */
  #hasIntroducedAll(introduction: number): boolean {
    return (this.#introduced.get(introduction) ?? 0) >= this.#limits.ORIGINS_PER_LINK;
  }

  /** Remembers a sequence as accepted; makes the origin known when it is not. Answers its entry. */
  accept(bytes: Uint8Array, offset: number, sequence: Sequence, introduction: number, now: number): number {
    const known = this.#table.find(bytes, offset);
    const entry = known < 0 ? this.#introduce(bytes, offset, sequence, introduction) : known;
    if (known < 0) this.#ages.add(entry, now);
    else if (entry !== this.#own) this.#ages.touch(entry, now);
    this.#mark(entry, sequence);
    return entry;
  }

  #introduce(bytes: Uint8Array, offset: number, { high, low }: Sequence, introduction: number): number {
    const entry = this.#table.add(bytes, offset);
    if (this.#table.capacity > this.#highestHigh.length) this.#grow(this.#table.capacity);
    this.#window.fill(0, entry * windowWords, (entry + 1) * windowWords);
    this.#highestHigh[entry] = high;
    this.#highestLow[entry] = low;
    this.#introduction[entry] = introduction;
    this.#introduced.set(introduction, (this.#introduced.get(introduction) ?? 0) + 1);
    return entry;
  }

  #mark(entry: number, { high, low }: Sequence): void {
    const above = this.#above(entry, high, low);
    if (above > 0) {
      this.#clear(entry, above);
      this.#highestHigh[entry] = high;
      this.#highestLow[entry] = low;
    }
    const bit = low % windowBits;
    const word = entry * windowWords + (bit >>> 5);
    // r[mesh.duplicate.accepted]
    this.#window[word] = (this.#window[word] as number) | (1 << (bit & 31));
  }

  /** Makes room for `count` sequences above the highest. */
  #clear(entry: number, count: number): void {
    const base = entry * windowWords;
    if (count >= windowBits) {
      this.#window.fill(0, base, base + windowWords);
      return;
    }
    const highest = this.#highestLow[entry] as number;
    for (let i = 1; i <= count; i++) {
      const bit = (highest + i) % windowBits;
      const word = base + (bit >>> 5);
      this.#window[word] = (this.#window[word] as number) & ~(1 << (bit & 31));
    }
  }

  /** How far a sequence lies above the highest; exact where it matters, near the window. */
  #above(entry: number, high: number, low: number): number {
    return (high - (this.#highestHigh[entry] as number)) * two32 + (low - (this.#highestLow[entry] as number));
  }

  #forgetExpired(now: number): void {
    // r[mesh.origins.keep] mutate: `this.#keepMs` => `0`
    const kept = now - this.#keepMs;
    for (let entry = this.#ages.takeOlderThan(kept); entry >= 0; entry = this.#ages.takeOlderThan(kept)) {
      this.#table.remove(entry);
      this.#release(this.#introduction[entry] as number);
    }
  }

  #release(introduction: number): void {
    const left = (this.#introduced.get(introduction) ?? 1) - 1;
    if (left > 0) this.#introduced.set(introduction, left);
    else this.#introduced.delete(introduction);
  }

  #grow(capacity: number): void {
    this.#highestHigh = grown(this.#highestHigh, new Uint32Array(capacity));
    this.#highestLow = grown(this.#highestLow, new Uint32Array(capacity));
    this.#window = grown(this.#window, new Uint32Array(capacity * windowWords));
    this.#introduction = grown(this.#introduction, new Uint32Array(capacity));
  }
}

function grown(from: Uint32Array, to: Uint32Array): Uint32Array {
  to.set(from);
  return to;
}
