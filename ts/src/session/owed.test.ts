import { describe, expect, test } from "vitest";
import { Limit } from "../gen/registry.js";
import { OwedAnswers } from "./owed.js";

describe("answers that are owed", () => {
  test("are bounded in number", () => {
    const owed = new OwedAnswers({ ...Limit, REQUESTS: 2 });
    expect([1, 2, 3].map((tag) => owed.add(17, tag, 0))).toEqual([true, true, false]);
    owed.settle(17, 1);
    expect(owed.add(17, 3, 0)).toBe(true);
  });

  test("are bounded in the bytes of their requests, but for a single one", () => {
    const owed = new OwedAnswers({ ...Limit, PENDING_PER_LINK_BYTES: 100 });
    expect(owed.add(17, 1, 150)).toBe(true);
    expect(owed.add(17, 2, 1)).toBe(false);
    expect(owed.settle(17, 1)).toBe(true);
    expect([60, 40, 1].map((bytes, tag) => owed.add(17, tag, bytes))).toEqual([true, true, false]);
  });

  test("belong to a command and a tag", () => {
    const owed = new OwedAnswers(Limit);
    owed.add(17, 1, 0);
    expect(owed.add(3, 1, 0)).toBe(true);
    expect(() => owed.add(17, 1, 0)).toThrow(expect.objectContaining({ code: "PROTOCOL_ERROR" }));
    expect(owed.settle(18, 1)).toBe(false);
  });
});
