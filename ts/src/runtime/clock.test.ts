import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SystemClock } from "./clock.js";

const start = 1_767_225_600_000;
const hour = 3_600_000;

/** The machine: its wall clock can be set, its steady clock cannot. */
let wall = start;
let steady = 0;

function pass(ms: number): void {
  wall += ms;
  steady += ms;
}

beforeEach(() => {
  [wall, steady] = [start, 1234.5];
  vi.spyOn(Date, "now").mockImplementation(() => Math.floor(wall));
  vi.spyOn(performance, "now").mockImplementation(() => steady);
});
afterEach(() => void vi.restoreAllMocks());

describe("the machine's clock", () => {
  test("tells whole milliseconds and follows the machine's, however often it is asked", () => {
    const clock = new SystemClock();
    for (let i = 0; i < 5000; i++) {
      const now = clock.now();
      expect(Number.isInteger(now) && Math.abs(now - wall) <= 1).toBe(true);
      pass(0.01);
    }
  });

  test("that is set ahead is followed at once, as after a sleep", () => {
    const clock = new SystemClock();
    expect(clock.now()).toBe(start);
    wall += hour;
    expect(clock.now()).toBe(start + hour);
  });

  test("that is set back stops nothing: time goes on, a little slower, until both agree", () => {
    const clock = new SystemClock();
    clock.now();
    wall -= hour;
    expect(clock.now()).toBe(start);
    pass(8000);
    expect(clock.now()).toBe(start + 7000);
    for (let i = 0; i < 8 * 3600; i++) {
      pass(1000);
      clock.now();
    }
    expect(Math.abs(clock.now() - wall)).toBeLessThanOrEqual(1000);
    pass(0.5);
    expect(clock.now()).toBeGreaterThanOrEqual(Math.floor(wall));
  });

  test("that is set back again and again never takes the node's back", () => {
    const clock = new SystemClock();
    let last = clock.now();
    for (let i = 0; i < 1000; i++) {
      wall -= i % 3 === 0 ? 500 : 0;
      pass(i % 7);
      const now = clock.now();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });
});
