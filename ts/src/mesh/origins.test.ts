import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxU63 } from "../bytes/index.js";
import { Limit } from "../gen/registry.js";
import { Origins, type Sequence, type Standing } from "./origins.js";

const keepMs = 1000;
const ownId = new Uint8Array(32).fill(0xaa);
const idOf = (i: number): Uint8Array => new Uint8Array(32).fill(i + 1);
const halves = (sequence: bigint): Sequence => ({ high: Number(sequence >> 32n), low: Number(sequence & 0xffffffffn) });

const window = BigInt(Limit.SEQUENCE_WINDOW);

/** What the text of section 4.5 says, with a set of everything that was ever accepted. */
class NaiveOrigin {
  readonly #accepted = new Set<bigint>();
  highest = -1n;

  standing(sequence: bigint): Standing {
    if (sequence > this.highest) return "new";
    if (sequence <= this.highest - window) return "old";
    return this.#accepted.has(sequence) ? "accepted" : "new";
  }

  accept(sequence: bigint): void {
    this.#accepted.add(sequence);
    if (sequence > this.highest) this.highest = sequence;
  }
}

/** Steps of a sequence: near, at the window's edge, over 32 bits, and far. */
const gap = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: -1030n, max: 1030n }),
  fc.constantFrom(
    -1024n,
    -1023n,
    -1025n,
    1023n,
    1024n,
    1025n,
    2n ** 32n,
    2n ** 32n - 1n,
    2n ** 32n + 1n,
    2n ** 33n,
    -(2n ** 32n),
  ),
  fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
);
const start = fc.constantFrom(0n, 1n, 1023n, 2n ** 32n - 2n, 2n ** 32n, 1_767_225_600_000_000n, maxU63 - 1030n, maxU63);

const clamp = (sequence: bigint): bigint => (sequence < 0n ? 0n : sequence > maxU63 ? maxU63 : sequence);

function origins(changes: Partial<Record<keyof typeof Limit, number>> = {}): Origins {
  return new Origins({ ...Limit, ...changes }, keepMs, 1, ownId);
}

describe("Origins: the window of sequences", () => {
  test("stands as a naive set has it, with any gaps, up to 2^63 − 1", () => {
    const step = fc.tuple(fc.nat(2), gap, fc.boolean());
    fc.assert(
      fc.property(start, fc.array(step, { minLength: 1, maxLength: 80 }), (first, steps) => {
        const table = origins();
        const model = [new NaiveOrigin(), new NaiveOrigin(), new NaiveOrigin()];
        for (const [i, by, fromHighest] of steps) {
          const naive = model[i] as NaiveOrigin;
          const sequence = clamp((naive.highest < 0n ? first : naive.highest) + (fromHighest ? by : by / 7n));
          const entry = table.find(idOf(i), 0);
          expect(entry < 0).toBe(naive.highest < 0n);
          const expected = naive.standing(sequence);
          if (entry >= 0) expect(table.standing(entry, halves(sequence))).toBe(expected);
          if (expected !== "new") continue;
          table.accept(idOf(i), 0, halves(sequence), 1, 1);
          naive.accept(sequence);
          const after = table.find(idOf(i), 0);
          expect(table.standing(after, halves(sequence))).toBe("accepted");
        }
      }),
      { numRuns: 400 },
    );
  });

  test("every place of the window is told apart after a run and after a jump", () => {
    for (const [from, jump] of [
      [2n ** 32n - 700n, 600n],
      [maxU63 - 3000n, 1500n],
      [0n, 1023n],
    ] as const) {
      const table = origins();
      const naive = new NaiveOrigin();
      for (let i = 0n; i < 1400n; i += 1n + (i % 3n)) {
        table.accept(idOf(0), 0, halves(from + i), 1, 1);
        naive.accept(from + i);
      }
      table.accept(idOf(0), 0, halves(naive.highest + jump), 1, 1);
      naive.accept(naive.highest + jump);
      const entry = table.find(idOf(0), 0);
      for (let sequence = clamp(naive.highest - 1100n); sequence <= clamp(naive.highest + 5n); sequence++) {
        expect(table.standing(entry, halves(sequence))).toBe(naive.standing(sequence));
      }
    }
  });
});

describe("Origins: places", () => {
  test("the node itself is found and takes none", () => {
    const table = origins({ ORIGINS: 1, ORIGINS_DIRECT: 0 });
    expect(table.find(ownId, 0)).toBeGreaterThanOrEqual(0);
    expect(table.known).toBe(0);
    table.accept(ownId, 0, halves(5n), 0, 1);
    expect(table.hasPlace(false, 1, 1)).toBe(true);
  });

  test("are ORIGINS for strangers, and ORIGINS_DIRECT more for peers themselves", () => {
    const table = origins({ ORIGINS: 2, ORIGINS_DIRECT: 1 });
    const seen: boolean[][] = [];
    for (let i = 0; i < 4; i++) {
      seen.push([table.hasPlace(false, 1, 1), table.hasPlace(true, 1, 1)]);
      if (i < 3) table.accept(idOf(i), 0, halves(1n), 1, 1);
    }
    expect(seen).toEqual([
      [true, true],
      [true, true],
      [false, true],
      [false, false],
    ]);
  });

  test("one session introduces ORIGINS_PER_LINK; peers' own and other sessions go on", () => {
    const table = origins({ ORIGINS_PER_LINK: 2 });
    for (let i = 0; i < 2; i++) table.accept(idOf(i), 0, halves(1n), 7, 1);
    expect([table.hasPlace(false, 7, 1), table.hasPlace(true, 7, 1), table.hasPlace(false, 8, 1)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("an origin is kept for its time after its last broadcast, and then makes room", () => {
    const table = origins({ ORIGINS: 2, ORIGINS_DIRECT: 0 });
    table.accept(idOf(0), 0, halves(1n), 1, 1);
    table.accept(idOf(1), 0, halves(1n), 1, 500);
    table.accept(idOf(0), 0, halves(2n), 1, 600);
    expect(table.hasPlace(false, 1, 1500)).toBe(false);
    expect(table.hasPlace(false, 1, 1501)).toBe(true);
    expect(table.find(idOf(1), 0)).toBe(-1);
    const entry = table.find(idOf(0), 0);
    expect([1n, 2n, 3n].map((sequence) => table.standing(entry, halves(sequence)))).toEqual([
      "accepted",
      "accepted",
      "new",
    ]);
  });

  test("make room again and again, also after all have expired at once", () => {
    const table = origins({ ORIGINS: 3, ORIGINS_DIRECT: 0 });
    let next = 0;
    for (let round = 1; round <= 5; round++) {
      const now = round * 5000;
      for (let i = 0; i < 3; i++) {
        expect(table.hasPlace(false, round, now), `round ${round}, place ${i}`).toBe(true);
        table.accept(idOf(next++), 0, halves(1n), round, now);
      }
      expect(table.hasPlace(false, round, now)).toBe(false);
    }
  });

  test("a session whose introductions have expired may introduce again, however few the others are", () => {
    const table = origins({ ORIGINS_PER_LINK: 2 });
    for (let i = 0; i < 2; i++) table.accept(idOf(i), 0, halves(1n), 7, 1);
    expect(table.hasPlace(false, 7, 1001)).toBe(false);
    expect(table.hasPlace(false, 7, 1002)).toBe(true);
  });

  test("an origin that comes back is a new one", () => {
    const table = origins({ ORIGINS: 1, ORIGINS_DIRECT: 0 });
    table.accept(idOf(0), 0, halves(100n), 1, 1);
    table.accept(idOf(0), 0, halves(90n), 1, 1);
    expect(table.hasPlace(false, 1, 2000)).toBe(true);
    const entry = table.accept(idOf(0), 0, halves(95n), 1, 2000);
    expect([90n, 95n, 100n].map((sequence) => table.standing(entry, halves(sequence)))).toEqual([
      "new",
      "accepted",
      "new",
    ]);
  });

  test("many origins keep what is known of each", () => {
    const table = origins();
    const id = (i: number): Uint8Array =>
      Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? i >> 8 : at === 9 ? i : 3));
    for (let i = 0; i < 1000; i++) table.accept(id(i), 0, halves(BigInt(i) << 30n), 1, 1);
    for (let i = 0; i < 1000; i++) {
      const entry = table.find(id(i), 0);
      expect(table.standing(entry, halves(BigInt(i) << 30n))).toBe("accepted");
      expect(table.standing(entry, halves((BigInt(i) << 30n) + 1n))).toBe("new");
    }
    expect(table.known).toBe(1000);
  });
});
