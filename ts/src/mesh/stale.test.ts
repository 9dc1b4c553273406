import { describe, expect, test } from "vitest";
import { Policy } from "../gen/registry.js";
import { FloodBench, floodStart as now, idNamed, type FloodBenchOptions } from "../../test/harness/flood-bench.js";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const [peer, other] = [idNamed("peer"), idNamed("other")];
const newBench = (options: FloodBenchOptions = {}): FloodBench => new FloodBench([peer, other], options);

describe("a peer whose own broadcast is below the window", () => {
  test("is told the highest sequence that was accepted of it", () => {
    const bench = newBench();
    bench.receive(0, peer, 5_000_000_000n);
    bench.receive(1, peer, 5_000_000_010n);
    bench.receive(0, peer, 5_000_000_010n - 1023n);
    expect(bench.told).toEqual([]);
    bench.receive(0, peer, 5_000_000_010n - 1024n);
    expect(bench.told).toEqual(["0 5000000010"]);
  });

  test("is told once, until one of its broadcasts is accepted, whoever brings it", () => {
    const bench = newBench();
    bench.receive(0, peer, 9000n);
    for (const sequence of [1n, 2n, 3n]) bench.receive(0, peer, sequence);
    bench.receive(1, other, 1n);
    bench.receive(0, peer, 4n);
    expect(bench.told).toEqual(["0 9000"]);
    bench.receive(1, peer, 9001n);
    bench.receive(0, peer, 5n);
    bench.receive(0, peer, 6n);
    expect(bench.told).toEqual(["0 9000", "0 9001"]);
    bench.flood.renew(0);
    bench.receive(0, peer, 7n);
    expect(bench.told).toHaveLength(3);
    bench.flood.leave(0);
    bench.flood.join(0, peer);
    bench.receive(0, peer, 8n);
    expect(bench.told).toHaveLength(4);
  });

  test("is told nothing for what is not its own, or not fresh", () => {
    const bench = newBench();
    bench.receive(0, peer, 9000n);
    bench.receive(1, peer, 1n);
    bench.receive(0, peer, 1n, now - dayMs);
    expect(bench.told).toEqual([]);
  });
});

describe("STALE_SEQUENCE", () => {
  test("lifts the next sequence above a higher one, once an hour", () => {
    const bench = newBench();
    const first = bench.publish();
    expect(bench.flood.receiveStale(first, now)).toBeUndefined();
    expect(bench.flood.receiveStale(first + 5000n, now)).toBe(true);
    expect(bench.publish()).toBe(first + 5001n);
    expect(bench.publish()).toBe(first + 5002n);
    expect(bench.flood.receiveStale(first + 9000n, now + hourMs - 1)).toBe(false);
    expect(bench.publish()).toBe(first + 5003n);
    expect(bench.flood.receiveStale(first + 9000n, now + hourMs)).toBe(true);
    expect(bench.publish()).toBe(first + 9001n);
  });

  test("changes nothing when it is more than a day ahead of the clock", () => {
    const bench = newBench();
    const first = bench.publish();
    const most = BigInt(now + dayMs) * 1000n;
    expect(bench.flood.receiveStale(most + 1n, now)).toBe(false);
    expect(bench.flood.receiveStale(2n ** 63n - 1n, now)).toBe(false);
    expect(bench.publish()).toBe(first + 1n);
    expect(bench.flood.receiveStale(most, now)).toBe(true);
    expect(bench.publish()).toBe(most + 1n);
  });

  test("before the first broadcast of a run: the next one is the greater of what it says and what the clock does", () => {
    const clock = BigInt(now) * 1000n;
    for (const [lastSequence, highest, changed, next] of [
      [0n, clock + 500n, true, clock + 501n],
      [0n, clock - 500n, false, clock],
      [clock + 700n, clock + 500n, undefined, clock + 701n],
      [clock + 700n, clock + 900n, true, clock + 901n],
    ] as const) {
      const bench = newBench({ lastSequence });
      expect(bench.flood.receiveStale(highest, now)).toBe(changed);
      expect(bench.publish()).toBe(next);
      expect(bench.publish()).toBe(next + 1n);
    }
  });

  test("tells nothing in an unsigned network", () => {
    const bench = newBench({ policy: Policy.UNSIGNED_BROADCASTS });
    const first = bench.publish();
    expect(bench.flood.receiveStale(first + 5000n, now)).toBeUndefined();
    expect(bench.publish()).toBe(first + 1n);
  });
});
