import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecentMessages } from "./recent-messages.js";

type Key = readonly [number, number, number];
interface Known {
  readonly key: Key;
  readonly from: Set<number>;
}

const slots = 70;
const key: fc.Arbitrary<Key> = fc.tuple(fc.nat(3), fc.constantFrom(0, 1, 0xffffffff), fc.nat(5));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant("add" as const), key, fc.nat(slots - 1)) },
  { weight: 6, arbitrary: fc.tuple(fc.constant("copy" as const), key, fc.nat(slots - 1)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("leave" as const), key, fc.nat(slots - 1)) },
);

const isSame = (a: Key, b: Key): boolean => a.every((part, i) => part === b[i]);

describe("RecentMessages", () => {
  test("knows the last messages and who sent them, as a naive list does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 80 }), (capacity, steps) => {
        const recent = new RecentMessages(capacity, slots);
        let model: Known[] = [];
        for (const [type, key, slot] of steps) {
          const known = model.find((one) => isSame(one.key, key));
          const entry = recent.find(...key);
          expect(entry >= 0).toBe(known !== undefined);
          if (type === "add" && known === undefined) {
            recent.add(...key);
            model = [...model, { key, from: new Set<number>() }].slice(-capacity);
          } else if (type === "copy" && known !== undefined) {
            recent.setFrom(entry, slot);
            known.from.add(slot);
          } else if (type === "leave") {
            recent.clearSlot(slot);
            for (const { from } of model) from.delete(slot);
          }
        }
        for (const { key, from } of model) {
          const senders = [...Array(slots).keys()].filter((slot) => recent.hasFrom(recent.find(...key), slot));
          expect(senders).toEqual([...from].sort((a, b) => a - b));
        }
      }),
      { numRuns: 300 },
    );
  });
});
