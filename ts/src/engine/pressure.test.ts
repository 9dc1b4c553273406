import { describe, expect, test } from "vitest";
import { encodeUtf8, formatHex } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { Command } from "../gen/registry.js";
import type { TestLink, TestNode } from "../../test/harness/test-node.js";
import { longTest } from "../../test/harness/runs.js";
import { World } from "../../test/harness/world.js";

const limits = { QUEUE_BYTES: 20_000, QUEUE_HIGH_WATER_BYTES: 5000, QUEUE_FULL_MS: 3000 };

/** Broadcasts until QUEUE_FULL; answers how many were taken. */
function fillUp(world: World, node: TestNode, payload: Uint8Array): number {
  for (let taken = 0; ; taken++) {
    try {
      node.input((engine) => engine.broadcast("", payload, world.now));
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as ProtocolError).code).toBe("QUEUE_FULL");
      return taken;
    }
  }
}

const onlyLink = (node: TestNode): TestLink => [...node.links.values()][0] as TestLink;

describe("a peer that does not read", () => {
  test(
    "costs a bounded queue and its session, and the others nothing",
    () => {
      const world = new World({ seed: 5, limits, capacity: 2000, chunkBytes: 2000 });
      const [hub, stuck, well] = [world.addNode(), world.addNode(), world.addNode()] as const;
      const toStuck = world.join(hub, stuck);
      world.join(hub, well);
      world.settle();
      (hub.links.get(toStuck) as TestLink).out.isStalled = true;
      const payload = new Uint8Array(900);
      for (let sent = 0; sent < 200; sent++) {
        hub.input((engine) => engine.broadcast("c", payload, world.now));
        expect(hub.engine.pendingBytes(toStuck)).toBeLessThan(limits.QUEUE_BYTES + 1100);
        world.settle();
      }
      expect(well.eventsOf("message")).toHaveLength(200);
      expect(hub.engine.counts.dropped).toBeGreaterThan(100);
      world.advance(limits.QUEUE_FULL_MS - 1);
      expect(hub.eventsOf("peer.down")).toEqual([]);
      world.advance(1);
      const down = hub.eventsOf("peer.down").map(({ peer, code }) => [formatHex(peer), code]);
      expect(down).toEqual([[formatHex(stuck.id), "SLOW"]]);
      world.advance(20_000);
      expect([...hub.links.keys()]).not.toContain(toStuck);
      expect(hub.engine.peers.map(formatHex)).toEqual([formatHex(well.id)]);
    },
    longTest,
  );

  test(
    "does not let requests pile up: reading stops while the answers it owes fill the queue",
    () => {
      const world = new World({ seed: 6, limits, capacity: 2000, chunkBytes: 2000 });
      const [a, b] = [world.addNode(), world.addNode()] as const;
      const link = world.join(a, b);
      world.settle();
      (a.links.get(link) as TestLink).out.isStalled = true;
      const pings = new Uint8Array(8 * 50_000);
      for (let i = 0; i < 50_000; i++) pings.set([0, 0, 0, 0x20, 0, Command.PING, (i % 200) + 1, i & 255], 8 * i);
      (b.links.get(link) as TestLink).out.write(pings);
      world.settle();
      expect(a.engine.pendingBytes(link)).toBeLessThan(limits.QUEUE_BYTES + 2100);
      expect((a.links.get(link) as TestLink).in.length).toBeGreaterThan(300_000);
      (a.links.get(link) as TestLink).out.isStalled = false;
      world.settle();
      expect(b.links.get(link)?.out.length ?? 0).toBe(0);
    },
    longTest,
  );
});

describe("a publisher that is refused", () => {
  test(
    "is told when its peer takes more",
    () => {
      const world = new World({ seed: 7, limits, capacity: 2000, chunkBytes: 500 });
      const [a, b] = [world.addNode(), world.addNode()] as const;
      world.join(a, b);
      world.settle();
      let taken = 0;
      for (let round = 1; round <= 5; round++) {
        taken += fillUp(world, a, new Uint8Array(300));
        world.settle();
        expect(a.eventsOf("drain")).toHaveLength(round);
      }
      expect(b.eventsOf("message")).toHaveLength(taken);
      expect(taken).toBeGreaterThan(20);
    },
    longTest,
  );

  test(
    "is told when the peer that took nothing is gone",
    () => {
      const world = new World({ seed: 8, limits, capacity: 500, chunkBytes: 500 });
      const [a, b] = [world.addNode(), world.addNode()] as const;
      world.join(a, b);
      world.settle();
      onlyLink(a).out.isStalled = true;
      fillUp(world, a, new Uint8Array(300));
      world.settle();
      fillUp(world, a, new Uint8Array(300));
      world.settle();
      const before = a.eventsOf("drain").length;
      expect(fillUp(world, a, new Uint8Array(300))).toBe(0);
      world.settle();
      expect(a.eventsOf("drain")).toHaveLength(before);
      a.cut(onlyLink(a));
      world.settle();
      expect(a.eventsOf("drain")).toHaveLength(before + 1);
      expect(() => a.engine.broadcast("", encodeUtf8("again"), world.now)).not.toThrow();
    },
    longTest,
  );

  test(
    "is told when signatures have caught up, without any peer too",
    () => {
      const world = new World({ seed: 9 });
      const lone = world.addNode();
      world.settle();
      expect(fillUp(world, lone, new Uint8Array(500_000))).toBeLessThan(10);
      world.settle();
      expect(lone.eventsOf("drain")).toHaveLength(1);
    },
    longTest,
  );
});
