import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeU32 } from "../bytes/index.js";
import { ByteTable } from "./byte-table.js";

/** Key number `i`; all keys share most of their bytes. */
function key(i: number): Uint8Array {
  const bytes = new Uint8Array(32);
  writeU32(bytes, i % 2 === 0 ? 28 : 0, i + 1);
  return bytes;
}

type Step = { readonly add: number } | { readonly remove: readonly number[] };

const keys = 400;
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.nat(keys - 1).map((add): Step => ({ add })), weight: 20 },
  { arbitrary: fc.array(fc.nat(keys - 1), { maxLength: 60 }).map((remove): Step => ({ remove })), weight: 1 },
);

function expectSame(table: ByteTable, model: ReadonlyMap<number, number>): void {
  expect(table.size).toBe(model.size);
  for (let i = 0; i < keys; i++) {
    if (table.find(key(i), 0) !== (model.get(i) ?? -1)) expect.fail(`key ${i}: ${table.find(key(i), 0)}`);
  }
}

describe("ByteTable", () => {
  test("finds what a Map finds, under the entry that was given out", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(step, { minLength: 50, maxLength: 400 }), (seed, steps) => {
        const table = new ByteTable(seed);
        const model = new Map<number, number>();
        for (const todo of steps) {
          if ("remove" in todo) {
            const entries = todo.remove.flatMap((i) => model.get(i) ?? []);
            for (const entry of new Set(entries)) table.remove(entry);
            for (const i of todo.remove) model.delete(i);
          } else if (!model.has(todo.add)) {
            const entry = table.add(key(todo.add), 0);
            expect([...model.values()]).not.toContain(entry);
            expect(entry).toBeLessThan(table.capacity);
            model.set(todo.add, entry);
          }
        }
        expectSame(table, model);
      }),
      { numRuns: 60 },
    );
  });

  test("reads keys at their offset and keeps copies of them", () => {
    const table = new ByteTable(1);
    const framed = new Uint8Array(50);
    framed.set(key(5), 9);
    const entry = table.add(framed, 9);
    framed.fill(0xff);
    expect(table.find(key(5), 0)).toBe(entry);
  });

  test("places that were given back are used again", () => {
    const table = new ByteTable(7);
    for (let round = 0; round < 20; round++) {
      const entries = Array.from({ length: 50 }, (_, i) => table.add(key(round * 50 + i), 0));
      for (const entry of entries) table.remove(entry);
    }
    expect(table.size).toBe(0);
    expect(table.capacity).toBe(new ByteTable(7).capacity);
  });
});
