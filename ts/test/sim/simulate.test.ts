// The simulator itself: the same seed goes the same way, on every topology and under every fault, and nothing is violated.
import { describe, expect, test, vi } from "vitest";
import { faultNames, linksOf, parseAdjacency, Prng, simulate, topologyNames } from "../../src/sim/index.js";
import { hasher } from "../../src/runtime/index.js";
import { longTest } from "../harness/runs.js";
import { run, small } from "./plans.js";

// A busy machine takes its time.
vi.setConfig({ testTimeout: longTest });

describe("the same seed", () => {
  // The fingerprints hold for every machine. They change with the bytes on the wire, and then `vitest -u` writes them anew.
  test("goes the same way everywhere", () => {
    const hashes = [1, 2, 3].map((seed) => run(small({ seed, faults: faultNames })).hash);
    expect(hashes).toMatchInlineSnapshot(`
      [
        "c3a3a94c4c4377af",
        "c3d98446ad986d89",
        "eac6572dd6cada45",
      ]
    `);
  });

  test("goes the same way whether somebody looks on or not", () => {
    const scenario = small({ seed: 4, faults: faultNames });
    let seen = 0;
    const watched = simulate(scenario, { hasher, observer: () => void seen++ });
    expect(watched).toEqual(run(scenario));
    expect(seen).toBeGreaterThan(100);
  });

  test("and another one goes another way", () => {
    expect(run(small({ seed: 5 })).hash).not.toBe(run(small({ seed: 6 })).hash);
  });
});

describe("topologies", () => {
  test.each(topologyNames)("%s: floods reach everybody with 2E − n + 1 frames each", (topology) => {
    const scenario = small({ topology, nodes: 22, verifyUs: 0 });
    const { counts, violations } = run(scenario);
    expect(violations).toEqual([]);
    const frames = 2 * scenario.links.length - scenario.nodes + 1;
    expect(counts).toMatchObject({
      broadcasts: 15,
      frames: 15 * frames,
      deliveries: 15 * (scenario.nodes - 1),
      drops: 0,
    });
  });

  test.each(topologyNames)("%s is connected, each pair linked once, for any number of nodes", (topology) => {
    for (const nodes of [2, 3, 5, 10, 11, 50]) {
      const links = linksOf(topology, nodes, new Prng(nodes));
      const seen = new Set([0]);
      for (const node of seen) for (const [a, b] of links) if (a === node || b === node) seen.add(a).add(b);
      expect([topology, nodes, seen.size]).toEqual([topology, nodes, nodes]);
      const pairs = new Set(links.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`));
      expect(pairs.size).toBe(links.length);
    }
  });

  test("from a file: what it names, and what it cannot", () => {
    const { nodes, links } = parseAdjacency("# a triangle with a tail\n0: 1, 2\n1 2\n2 3\n1 0\n");
    expect({ nodes, links: links.map((link) => [Math.min(...link), Math.max(...link)]) }).toEqual({
      nodes: 4,
      links: [[0, 1], [0, 2], [1, 2], [2, 3]], // prettier-ignore
    });
    expect(run(small({ nodes, links })).violations).toEqual([]);
    for (const text of ["0 x", "0 -1", "0 1000", "", "0"])
      expect(() => parseAdjacency(text)).toThrow(expect.objectContaining({ code: "MISUSE" }));
  });
});

describe("faults", () => {
  test.each(faultNames)("%s: takes place, and nothing is violated", (fault) => {
    const { faults, violations, counts } = run(small({ seed: 11, faults: [fault], leastFaults: 1 }));
    expect(violations).toEqual([]);
    expect(faults[fault]).toBeGreaterThan(0);
    expect(counts.deliveries).toBeGreaterThan(50);
  });

  test("of those who do not keep the rules are laid at their door", () => {
    const blamed = (fault: (typeof faultNames)[number]): readonly string[] =>
      Object.keys(run(small({ seed: 2, nodes: 8, faults: [fault], leastFaults: 1 })).blamed);
    expect(blamed("bad-signature")).toContain("BAD_SIGNATURE");
    expect(blamed("squat")).toContain("BAD_SIGNATURE");
    expect(blamed("repeat")).toContain("MISBEHAVED");
  });

  test("a node that does not read loses broadcasts to a full queue, and its peers part with SLOW", () => {
    const scenario = small({ nodes: 6 });
    const burst = Array.from({ length: 40 }, (_, i) => ({
      type: "broadcast" as const,
      atUs: 5_000_000 + 20_000 * i,
      node: i % 5,
      bytes: 300,
    }));
    const slow = { type: "slow" as const, atUs: 4_900_000, untilUs: 15_000_000, node: 5, bytesPerSecond: 0 };
    const ends: string[] = [];
    const { counts, violations } = simulate(
      { ...scenario, actions: [slow, ...burst] },
      { hasher, observer: (seen) => void (seen.type === "down" && ends.push(seen.code)) },
    );
    expect(violations).toEqual([]);
    expect(counts.drops).toBeGreaterThan(0);
    expect(ends).toContain("SLOW");
  });
});
