import { describe, expect, test } from "vitest";
import { Policy } from "../gen/registry.js";
import { FloodBench, floodStart, idNamed } from "../../test/harness/flood-bench.js";
import { CopyRate } from "./copy-rate.js";

const [peer, other] = [idNamed("peer"), idNamed("other")];
const stranger = (number: number): Uint8Array => idNamed(`stranger ${number}`);

describe("origins that a session introduces", () => {
  test("are ignored beyond ORIGINS_PER_SECOND within the second before, without blame", () => {
    const bench = new FloodBench([peer, other], { limits: { ORIGINS_PER_SECOND: 3 } });
    expect(bench.receive(0, stranger(1), 1n)).toBe("ACCEPT");
    bench.at(floodStart + 400);
    expect([2, 3, 4].map((i) => bench.receive(0, stranger(i), 1n))).toEqual(["ACCEPT", "ACCEPT", "IGNORE"]);
    // Known ones, the peer's own and other sessions are not concerned.
    expect(bench.receive(0, stranger(2), 2n)).toBe("ACCEPT");
    expect(bench.receive(0, peer, 1n)).toBe("ACCEPT");
    expect(bench.receive(1, stranger(4), 1n)).toBe("ACCEPT");

    bench.at(floodStart + 999);
    expect(bench.receive(0, stranger(5), 1n)).toBe("IGNORE");
    bench.at(floodStart + 1000);
    expect([5, 6].map((i) => bench.receive(0, stranger(i), 1n))).toEqual(["ACCEPT", "IGNORE"]);
    bench.at(floodStart + 1400);
    expect([6, 7, 8].map((i) => bench.receive(0, stranger(i), 1n))).toEqual(["ACCEPT", "ACCEPT", "IGNORE"]);
    expect(bench.blamed).toEqual([]);
  });

  test("are none with a limit of 0, but the peer's own", () => {
    const bench = new FloodBench([peer], { limits: { ORIGINS_PER_SECOND: 0 } });
    expect(bench.receive(0, stranger(1), 1n)).toBe("IGNORE");
    expect(bench.receive(0, peer, 1n)).toBe("ACCEPT");
  });
});

describe("a session that brings many first copies", () => {
  test.each([
    ["signed", 0],
    ["unsigned", Policy.UNSIGNED_BROADCASTS],
  ])("is not read until its second is over, in a network with %s broadcasts", (_, policy) => {
    const bench = new FloodBench([peer, other], { policy, limits: { COPIES_PER_SECOND: 3 } });
    const malformed = Uint8Array.of(7);
    for (let i = 0; i < 3; i++) bench.receiveBytes(0, malformed);
    expect([bench.flood.isCongested(0), bench.flood.isCongested(1)]).toEqual([true, false]);
    expect(bench.flood.deadline).toBe(floodStart + 1000);
    bench.at(floodStart + 999).flood.wake(floodStart + 999);
    expect(bench.flood.isCongested(0)).toBe(true);
    bench.at(floodStart + 1000).flood.wake(floodStart + 1000);
    expect([bench.flood.isCongested(0), bench.flood.deadline]).toEqual([false, Infinity]);
  });

  test("may bring any number of duplicates", () => {
    const bench = new FloodBench([peer, other], { limits: { COPIES_PER_SECOND: 3 } });
    bench.receive(0, stranger(1), 1n);
    bench.receive(0, stranger(1), 2n, floodStart - 1e9);
    for (let i = 0; i < 5; i++) expect(bench.receive(0, stranger(1), 1n)).toBe("DUPLICATE");
    expect(bench.flood.isCongested(0)).toBe(false);
    bench.receive(0, stranger(1), 3n);
    expect(bench.flood.isCongested(0)).toBe(true);
  });
});

test("the second of first copies begins with the first of them", () => {
  const rate = new CopyRate(2);
  rate.note(100);
  rate.note(1099);
  expect([rate.isFull(1099, 0), rate.deadline]).toEqual([true, 1100]);
  expect(rate.isFull(1100, 1)).toBe(false);
  rate.note(1100);
  expect([rate.isFull(1100, 0), rate.isFull(1100, 1)]).toEqual([false, true]);
});
