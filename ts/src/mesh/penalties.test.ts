import { describe, expect, test } from "vitest";
import { Limit } from "../gen/registry.js";
import { Penalties } from "./penalties.js";

const start = 1_767_225_600_000;
const node = (number: number): Uint8Array => new Uint8Array(32).fill(number);
const [a, b, c] = [node(1), node(2), node(3)];

describe("the penalties of a node", () => {
  test("end a session at PENALTY_END, and each later one at its first penalty", () => {
    const penalties = new Penalties(Limit);
    for (let i = 1; i < Limit.PENALTY_END; i++) expect(penalties.add(a, 1, false, start)).toBeUndefined();
    expect(penalties.add(a, 1, false, start)).toBe("MISBEHAVED");
    expect(penalties.add(a, 1, false, start)).toBe("MISBEHAVED");
    expect(penalties.add(a, 20, true, start)).toBe("BAD_SIGNATURE");
    expect(penalties.add(b, 1, false, start)).toBeUndefined();
  });

  test("halve, rounded down, from when they were last 0 or halved", () => {
    const penalties = new Penalties({ ...Limit, PENALTY_END: 10 });
    const at = (halves: number, ms = 0): number => start + halves * Limit.PENALTY_HALVE_MS + ms;
    penalties.add(a, 9, false, start);
    // 9, and 9 / 2 = 4 from then on: 4 + 5 = 9, and one more.
    expect(penalties.add(a, 0, false, at(1, -1))).toBeUndefined();
    expect(penalties.add(a, 5, false, at(1))).toBeUndefined();
    expect(penalties.add(a, 1, false, at(2, -1))).toBe("MISBEHAVED");
    // 10, 5, 2, 1, 0: then the time begins anew with the next penalty.
    penalties.add(a, 0, false, at(7));
    penalties.add(a, 9, false, at(7, 1000));
    expect(penalties.add(a, 1, false, at(8, 999))).toBe("MISBEHAVED");
    expect(penalties.add(b, 9, false, at(8))).toBeUndefined();
    expect(penalties.add(b, 5, false, at(9))).toBeUndefined();
  });

  test("ban it at PENALTY_BAN, for BAN_MS from then on, whatever comes meanwhile", () => {
    const penalties = new Penalties(Limit);
    penalties.add(a, Limit.PENALTY_BAN - 1, false, start);
    expect(penalties.isBanned(a, start)).toBe(false);
    penalties.add(a, 1, false, start);
    penalties.add(a, 1, false, start + 1000);
    expect(penalties.isBanned(a, start + Limit.BAN_MS - 1)).toBe(true);
    expect(penalties.isBanned(a, start + Limit.BAN_MS)).toBe(false);
    expect(penalties.isBanned(b, start)).toBe(false);
  });

  test("are kept for PENALISED nodes: whoever has come to 0 is forgotten, else the lowest, and a banned one last", () => {
    const penalties = new Penalties({ ...Limit, PENALISED: 2, PENALTY_END: 7 });
    penalties.add(a, 6, false, start);
    penalties.add(b, 5, false, start);
    penalties.add(c, 2, false, start);
    expect(penalties.size).toBe(2);
    expect(penalties.add(a, 1, false, start)).toBe("MISBEHAVED");
    expect(penalties.add(b, 5, false, start)).toBeUndefined();

    const later = start + 3 * Limit.PENALTY_HALVE_MS;
    penalties.add(c, 1, false, later);
    expect(penalties.size).toBe(1);

    const banning = new Penalties({ ...Limit, PENALISED: 2, PENALTY_BAN: 10, BAN_MS: 1e9 });
    banning.add(a, 10, false, start);
    banning.add(b, 9, false, start + 5 * Limit.PENALTY_HALVE_MS);
    banning.add(c, 1, false, start + 5 * Limit.PENALTY_HALVE_MS);
    expect(banning.isBanned(a, start + 5 * Limit.PENALTY_HALVE_MS)).toBe(true);
  });
});
