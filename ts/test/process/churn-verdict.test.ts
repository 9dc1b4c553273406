import { describe, expect, test } from "vitest";
import type { ProcessRun } from "./churn.js";
import { judge } from "./churn-verdict.js";

const margins = { originMs: 1000, beforeMs: 1000, afterMs: 5000 };

function run(id: string, from: number, until: number, changes: Partial<ProcessRun> = {}): ProcessRun {
  return { id, livedFrom: from, livedUntil: until, wasKilled: true, sent: [], delivered: [], links: [], ...changes };
}

const sentAt = (at: number) => ({ sequence: "7", at, peers: 1 });
const deliveredAt = (at: number) => ({ origin: "a", sequence: "7", at });

describe("the verdict on a churn test", () => {
  test("is that every process that lived around a broadcast has had it", () => {
    const origin = run("a", 0, 11_000, { sent: [sentAt(10_000)] });
    const both = [
      run("b", 9000, 15_000, { delivered: [deliveredAt(10_003)] }),
      run("c", 0, 20_000, {
        links: [
          { isUp: true, peer: "a", at: 1 },
          { isUp: false, peer: "a", at: 10_000 },
          { isUp: true, peer: "b", at: 10_001 },
        ],
      }),
    ];
    const verdict = judge([origin, ...both], margins);
    expect(verdict).toMatchObject({ messages: 1, owed: 2, deliveries: 1, duplicates: 0, delaysMs: [3] });
    expect(verdict.misses).toMatchObject([{ origin: "a", sequence: "7", receiver: "c", receiverPeers: [] }]);
    expect(verdict.misses[0]?.wasCutOff).toBe(true);
  });

  test("says of what was missed whether a path led there", () => {
    const link = (...peers: readonly string[]) => ({ links: peers.map((peer) => ({ isUp: true, peer, at: 5 })) });
    const line = [
      run("a", 0, 20_000, { sent: [sentAt(10_000)], ...link("b") }),
      run("b", 0, 10_100, link("a", "c")),
      run("c", 0, 20_000, link("b")),
    ];
    expect(judge(line, margins).misses).toMatchObject([{ receiver: "c", wasCutOff: false }]);
    const dying = line.map((one) => (one.id === "b" ? { ...one, livedUntil: 10_099 } : one));
    expect(judge(dying, margins).misses).toMatchObject([{ receiver: "c", wasCutOff: true }]);
  });

  test.each([
    ["the origin did not live on", run("a", 0, 10_999, { sent: [sentAt(10_000)] }), run("b", 0, 20_000)],
    ["the receiver began to live too late", run("a", 0, 20_000, { sent: [sentAt(10_000)] }), run("b", 9001, 20_000)],
    ["the receiver lived on too shortly", run("a", 0, 20_000, { sent: [sentAt(10_000)] }), run("b", 0, 14_999)],
    ["it is the origin itself, anew", run("a", 0, 20_000, { sent: [sentAt(10_000)] }), run("a", 0, 20_000)],
  ])("asks for nothing where %s", (_, origin, other) => {
    expect(judge([origin, other], margins)).toMatchObject({ messages: 0, owed: 0, misses: [] });
  });

  test("counts each further delivery to one run, and none to another run of the same process", () => {
    const runs = [
      run("b", 0, 9000, { delivered: [deliveredAt(1), deliveredAt(2), deliveredAt(3)] }),
      run("b", 9500, 9900, { delivered: [deliveredAt(9600)] }),
    ];
    expect(judge(runs, margins)).toMatchObject({ deliveries: 4, duplicates: 2, kills: 2 });
  });
});
