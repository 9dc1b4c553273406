import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Lane, type LaneEntry } from "./lane.js";

/** An entry that notes its turns; undecided again for the first `repeats` of them. */
class Noted implements LaneEntry {
  isDecided = false;
  readonly bytes: number;
  readonly #onTurn: () => void;
  #repeats: number;

  constructor(bytes: number, repeats: number, onTurn: () => void) {
    this.bytes = bytes;
    this.#repeats = repeats;
    this.#onTurn = onTurn;
  }

  run(): void {
    if (this.#repeats-- > 0) this.isDecided = false;
    else this.#onTurn();
  }
}

describe("Lane", () => {
  test("effects happen in the order of arrival, whatever the order of decisions", () => {
    const entry = fc.tuple(fc.nat(9), fc.nat(2));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), fc.array(fc.nat()), (specs, choices) => {
        const lane = new Lane();
        const done: number[] = [];
        const entries = specs.map(([bytes, repeats], i) => new Noted(bytes, repeats, () => done.push(i)));
        for (const one of entries) lane.push(one);
        const left = (): Noted[] => entries.filter((one, i) => !one.isDecided && !done.includes(i));
        for (let i = 0; left().length > 0; i++) {
          const open = left();
          (open[(choices[i % choices.length] ?? 0) % open.length] as Noted).isDecided = true;
          lane.drain();
          expect(lane.length).toBe(entries.length - done.length);
          expect(lane.bytes).toBe(entries.slice(done.length).reduce((sum, { bytes }) => sum + bytes, 0));
        }
        expect(done).toEqual(entries.map((_, i) => i));
      }),
    );
  });

  test("what is pushed and drained from within a turn waits for its own", () => {
    const lane = new Lane();
    const order: string[] = [];
    const second = { isDecided: true, bytes: 1, run: () => order.push("second") };
    lane.push({
      isDecided: true,
      bytes: 1,
      run: () => {
        lane.push(second);
        lane.drain();
        order.push("first");
      },
    });
    lane.drain();
    expect(order).toEqual(["first", "second"]);
    expect([lane.length, lane.bytes]).toEqual([0, 0]);
  });
});
