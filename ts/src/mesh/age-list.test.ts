import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AgeList } from "./age-list.js";

describe("AgeList", () => {
  test("gives out what a sorted list of last uses would", () => {
    const step = fc.record({ entry: fc.nat(20), forget: fc.boolean(), keep: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const list = new AgeList(1);
        const model = new Map<number, number>();
        steps.forEach(({ entry, forget, keep }, now) => {
          if (!forget) {
            if (model.has(entry)) list.touch(entry, now);
            else list.add(entry, now);
            model.delete(entry);
            model.set(entry, now);
            return;
          }
          const oldest = [...model].at(0);
          const expected = oldest !== undefined && oldest[1] < now - keep ? oldest[0] : -1;
          expect(list.takeOlderThan(now - keep)).toBe(expected);
          model.delete(expected);
        });
      }),
    );
  });
});
