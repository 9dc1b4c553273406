import { describe, expect, test } from "vitest";
import { encodeUtf8, formatHex } from "../bytes/index.js";
import { encodeMessage } from "../codec/index.js";
import { encodeFrame, Flag } from "../framing/index.js";
import { Command, type LimitName } from "../gen/registry.js";
import type { TestLink, TestNode } from "../../test/harness/test-node.js";
import { World } from "../../test/harness/world.js";

type Limits = Partial<Record<LimitName, number>>;

function pair(limits: Limits = {}): { world: World; a: TestNode; b: TestNode } {
  const world = new World({ seed: 3, limits: { PEERS_TARGET: 0, ...limits } });
  const [a, b] = [world.addNode(), world.addNode()] as const;
  world.join(a, b);
  world.settle();
  return { world, a, b };
}

const say = (node: TestNode, count = 1): void => {
  for (let i = 0; i < count; i++) node.input((engine, now) => engine.broadcast("", encodeUtf8("word"), now));
};

describe("a node's own broadcasts", () => {
  test("are refused beyond PUBLISHED_PER_SECOND within the second before; drain says when there is room", () => {
    const { world, a, b } = pair({ PUBLISHED_PER_SECOND: 3 });
    say(a, 2);
    world.advance(300);
    say(a);
    expect(() => say(a)).toThrow("QUEUE_FULL");
    world.advance(699);
    expect(a.eventsOf("drain")).toEqual([]);
    expect(() => say(a)).toThrow("QUEUE_FULL");
    world.advance(1);
    expect(a.eventsOf("drain")).toHaveLength(1);
    say(a, 2);
    expect(() => say(a)).toThrow("QUEUE_FULL");
    world.settle();
    expect(b.eventsOf("message")).toHaveLength(5);
  });

  test("are refused as TOO_LARGE first, and have no such limit with 0", () => {
    const { a } = pair({ PUBLISHED_PER_SECOND: 1 });
    say(a);
    expect(() => a.engine.broadcast("", new Uint8Array(600_000), a.engine.deadline ?? 0)).toThrow("TOO_LARGE");
    const free = pair({ PUBLISHED_PER_SECOND: 0 });
    say(free.a, 1500);
  });
});

describe("a peer that brings more than COPIES_PER_SECOND", () => {
  test("is read more slowly: nothing is lost, and it is not taken for silent", () => {
    const silence = { KEEPALIVE_MS: 300, KEEPALIVE_RETRY_MS: 100, KEEPALIVE_PROBES: 1000, FRAME_MS: 200 };
    const { world, a, b } = pair({ COPIES_PER_SECOND: 10, ...silence });
    const asked = (): number => {
      const frames = [...b.links.values()].flatMap(({ out }) => out.frames);
      return frames.filter(({ command, flags }) => command === Command.PING && flags === Flag.REQUEST).length;
    };
    const askedBefore = asked();
    say(a, 65);
    world.settle();
    expect(b.eventsOf("message")).toHaveLength(10);
    world.advance(999);
    expect(b.eventsOf("message")).toHaveLength(10);
    world.advance(1);
    expect(b.eventsOf("message")).toHaveLength(20);
    world.advance(5000);
    expect(b.eventsOf("message")).toHaveLength(65);
    expect(asked()).toBe(askedBefore);
    expect(b.eventsOf("peer.down")).toEqual([]);
  });
});

describe("a node that comes back with a lower sequence", () => {
  const hourMs = 3_600_000;

  function stale(highest: bigint): Uint8Array {
    return encodeFrame(
      { command: Command.STALE_SEQUENCE, flags: 0, tag: 0 },
      encodeMessage("StaleSequence", { highest }),
    );
  }

  const inject = (node: TestNode, bytes: Uint8Array): void =>
    ([...node.links.values()][0] as TestLink).out.write(bytes);

  test("is told so by whoever remembers, goes on above it, and tells its application", () => {
    const { world, a, b } = pair();
    say(a);
    world.settle();
    // An hour ahead of its clock: what a clock that is set back later looks like.
    const ahead = BigInt(world.now + hourMs) * 1000n;
    inject(b, stale(ahead));
    world.settle();
    say(a);
    world.settle();
    expect(a.eventsOf("stale")).toEqual([{ type: "stale", peer: b.id, highest: ahead, changed: true }]);
    expect(b.eventsOf("message").at(-1)?.sequence).toBe(ahead + 1n);

    a.cut([...a.links.values()][0] as TestLink);
    world.settle();
    world.advance(1000);
    const again = world.addNode({ id: a.id });
    world.join(again, b);
    world.settle();
    say(again);
    world.settle();
    expect(b.eventsOf("message")).toHaveLength(2);
    const told = again.eventsOf("stale").map(({ peer, highest, changed }) => [formatHex(peer), highest, changed]);
    expect(told).toEqual([[formatHex(b.id), ahead + 1n, true]]);
    say(again);
    world.settle();
    expect(b.eventsOf("message").at(-1)?.sequence).toBe(ahead + 2n);
  });

  test("is told of what changes nothing too, unless it is nothing new", () => {
    const { world, a, b } = pair();
    say(a);
    world.settle();
    const { sequence } = b.eventsOf("message")[0] ?? { sequence: 0n };
    for (const highest of [sequence, 2n ** 62n, sequence + 5n, sequence + 6n]) inject(b, stale(highest));
    world.settle();
    expect(a.eventsOf("stale").map(({ highest, changed }) => [highest - sequence, changed])).toEqual([
      [2n ** 62n - sequence, false],
      [5n, true],
      [6n, false],
    ]);
  });
});
