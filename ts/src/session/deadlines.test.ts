import { describe, expect, test } from "vitest";
import { Limit } from "../gen/registry.js";
import { Deadlines } from "./deadlines.js";

describe("deadlines of a session", () => {
  test("one that ends closes in its time, however full its queue is", () => {
    const deadlines = new Deadlines(Limit, 0);
    deadlines.endHandshake();
    deadlines.noteQueue(Limit.QUEUE_BYTES, 0);
    deadlines.beginClose(10, false);
    deadlines.noteQueue(Limit.QUEUE_BYTES, 20);
    const due = deadlines.next;
    expect(due).toBe(10 + Limit.QUEUE_FULL_MS);
    expect(deadlines.judge(due, false)).toBe("close");
  });

  test("what is due is not due again once it was judged", () => {
    const deadlines = new Deadlines(Limit, 0);
    deadlines.endHandshake();
    deadlines.silence.heard(0);
    for (let probes = 0; probes < Limit.KEEPALIVE_PROBES; probes++) {
      const now = deadlines.next;
      expect(deadlines.judge(now, false)).toBe("ask");
      expect(deadlines.next).toBeGreaterThan(now);
    }
    expect(deadlines.judge(deadlines.next, false)).toMatchObject({ code: "TIMEOUT" });
  });

  test("a pause is no silence", () => {
    const deadlines = new Deadlines(Limit, 0);
    deadlines.endHandshake();
    deadlines.silence.heard(0);
    const now = deadlines.next;
    expect(deadlines.judge(now, true)).toBeUndefined();
    expect(deadlines.next).toBe(now + Limit.KEEPALIVE_MS);
  });
});
