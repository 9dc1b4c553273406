import { describe, expect, test } from "vitest";
import { concatBytes } from "../bytes/index.js";
import { encodeFrame, encodePreface } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import type { TestNode } from "../../test/harness/test-node.js";
import { longTest } from "../../test/harness/runs.js";
import { World } from "../../test/harness/world.js";

/** Lets things happen until something that starts so can happen at a node. */
function until(world: World, node: TestNode, what: string): void {
  const isThere = (): boolean => node.actions().some(({ key }) => key.startsWith(`${node.name} ${what}`));
  for (let steps = 0; !isThere(); steps++) {
    if (!world.step() || steps > 10_000) throw new Error(`${what} never comes at ${node.name}`);
  }
}

function pair(seed: number): { world: World; a: TestNode; b: TestNode; link: number } {
  const world = new World({ seed });
  const [a, b] = [world.addNode(), world.addNode()] as const;
  world.settle();
  return { world, a, b, link: world.join(a, b) };
}

const outOf = (node: TestNode, link: number) => {
  const there = node.links.get(link)?.out;
  if (there === undefined) throw new Error("no such link");
  return there;
};

describe("session", () => {
  test(
    "one that ends while a HELLO is being judged says GOODBYE and nothing more",
    () => {
      for (let seed = 0; seed < 10; seed++) {
        const { world, b, link } = pair(seed);
        const out = outOf(b, link);
        until(world, b, "verify");
        b.input((engine, now) => engine.stop(now));
        world.advance(20_000);
        expect(out.frames.map(({ command }) => command)).toEqual([Command.GOODBYE]);
        expect(b.links.size).toBe(0);
      }
    },
    longTest,
  );

  test(
    "an initiator whose own record is not signed yet reads nothing; a responder that speaks first gains nothing",
    () => {
      const { world, b, link } = pair(1);
      const out = outOf(b, link);
      world.settle();
      const said = out.frames
        .slice(0, 2)
        .map(({ command, payload }) => encodeFrame({ command, flags: 0, tag: 0 }, payload));
      expect(out.frames.slice(0, 2).map(({ command }) => command)).toEqual([Command.HELLO, Command.PROOF]);
      const [late, rogue] = [world.addNode(), world.addNode()] as const;
      const name = world.connect(late, rogue);
      world.openEnd(late, name, "initiator");
      const early = concatBytes(encodePreface({ lowest: 1, highest: 1 }), ...said);
      late.input((engine, now) => engine.receive(name, early, now));
      world.settle();
      world.advance(20_000);
      expect(late.eventsOf("refused").map(({ code }) => code)).toEqual(["BAD_PROOF"]);
      expect(late.links.size).toBe(0);
    },
    longTest,
  );

  test(
    "an ended connection is let go at once, whatever was still to be written",
    () => {
      const { world, a, b, link } = pair(2);
      world.settle();
      outOf(a, link).isStalled = true;
      a.input((engine, now) => engine.stop(now));
      expect(a.engine.pendingBytes(link)).toBeGreaterThan(0);
      const [there] = a.links.values();
      if (there !== undefined) a.cut(there);
      expect(a.engine.deadline ?? Infinity).toBeGreaterThan(world.now + 60_000);
      world.advance(0);
      expect(b.links.size).toBe(1);
    },
    longTest,
  );

  test(
    "what is read after the end is dropped, not held",
    () => {
      const { world, a, link } = pair(3);
      world.settle();
      outOf(a, link).isStalled = true;
      a.input((engine, now) => engine.stop(now));
      const chunk = new Uint8Array(1 << 20);
      const before = process.memoryUsage().arrayBuffers;
      for (let i = 0; i < 64; i++) a.input((engine, now) => engine.receive(link, chunk, now));
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
    },
    longTest,
  );

  test(
    "no more than SESSIONS sessions become READY, also when several are about to",
    () => {
      for (let seed = 0; seed < 40; seed++) {
        const world = new World({ seed, limits: { SESSIONS: 2 } });
        const hub = world.addNode();
        const others = [1, 2, 3, 4].map(() => world.addNode());
        for (const other of others) world.join(hub, other);
        while (world.step()) expect(hub.engine.peers.length).toBeLessThanOrEqual(2);
        expect(hub.engine.peers.length, `seed ${seed}`).toBe(2);
        const refused = [hub, ...others].flatMap((node) => node.eventsOf("refused").map(({ code }) => code));
        expect(new Set(refused)).toEqual(new Set(["FULL"]));
      }
    },
    longTest,
  );
});
