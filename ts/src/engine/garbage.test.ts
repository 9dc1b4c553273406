import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8 } from "../bytes/index.js";
import { encodeFrame, encodePreface } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import { pick, randomBytes } from "../../test/harness/random.js";
import { longTest, runs } from "../../test/harness/runs.js";
import type { Tamper } from "../../test/harness/pipe.js";
import type { TestNode } from "../../test/harness/test-node.js";
import { World } from "../../test/harness/world.js";

/** Ways to spoil what a peer sends, from a place in its stream on. */
const spoilers: Readonly<Record<string, (random: () => number, bytes: Uint8Array) => Uint8Array>> = {
  "random bytes instead": (random, bytes) => randomBytes(random, bytes.length),
  "random bytes in between": (random, bytes) => concatBytes(randomBytes(random, 1 + pick(random, 40)), bytes),
  "bytes missing": (random, bytes) => bytes.slice(1 + pick(random, 5)),
  "a bit flipped": (random, bytes) => bytes.map((byte, i) => (i === 0 ? byte ^ (1 << pick(random, 8)) : byte)),
  "the same again": (_, bytes) => concatBytes(bytes, bytes),
  "frames of nonsense": (random, bytes) => concatBytes(nonsense(random), bytes),
};

/** Frames with sound headers of known commands and random payloads. */
function nonsense(random: () => number): Uint8Array {
  const commands = [Command.HELLO, Command.PROOF, Command.GOODBYE, Command.PING, Command.BROADCAST, 0x8000];
  const command = commands[pick(random, commands.length)] as number;
  const flags = [0, 0x20, 0x80, 0xc0][pick(random, 4)] as number;
  const tag = pick(random, 3);
  return encodeFrame({ command, flags, tag }, randomBytes(random, pick(random, 200)));
}

/** Spoils a stream once, at an offset; what comes before is left alone. */
function spoilAt(offset: number, spoil: (bytes: Uint8Array) => Uint8Array): Tamper {
  return (bytes, at) => {
    if (at + bytes.length <= offset || at > offset) return bytes;
    return concatBytes(bytes.slice(0, offset - at), spoil(bytes.slice(offset - at)));
  };
}

interface Scene {
  readonly world: World;
  readonly node: TestNode;
  readonly honest: TestNode;
  readonly attacker: TestNode;
  readonly link: number;
}

/** A node with an honest peer and one whose stream will be spoilt; either side of that link may have dialled. */
function scene(seed: number, policy: number): Scene {
  const world = new World({ seed, chunkBytes: 400, descriptor: { policy } });
  const [node, honest, attacker] = [world.addNode(), world.addNode(), world.addNode()] as const;
  world.join(honest, node);
  world.settle();
  const link = seed % 2 === 0 ? world.join(attacker, node) : world.join(node, attacker);
  return { world, node, honest, attacker, link };
}

function talk({ world, node, honest, attacker }: Scene, rounds: number): void {
  for (let i = 0; i < rounds; i++) {
    for (const one of [node, honest, attacker]) {
      one.input((engine, now) => engine.broadcast("c", encodeUtf8(`${one.name} ${i}`), now));
    }
    for (let steps = pick(world.random, 60); steps > 0; steps--) world.step();
  }
}

const fromNode = (at: TestNode, name: string): number =>
  at.eventsOf("message").filter(({ payload }) => new TextDecoder().decode(payload).startsWith(name)).length;

describe.each(Object.entries(spoilers))("%s at any point of a link", (_, spoil) => {
  test(
    "throws nothing, ends that session at most, and leaves the other one alone",
    () => {
      let spoilt = 0;
      for (let seed = 0; seed < runs(24, 1500); seed++) {
        const set = scene(seed, seed % 3 === 0 ? 2 : 0);
        const { world, node, honest, attacker, link } = set;
        // A preface and a HELLO have 264 bytes, the rest of a handshake 82 more.
        const at = pick(world.random, seed % 4 === 0 ? 8 : 800);
        const out = attacker.links.get(link)?.out;
        if (out === undefined) throw new Error("no link");
        out.tamper = spoilAt(at, (bytes) => {
          spoilt++;
          return spoil(world.random, bytes);
        });
        talk(set, 4);
        // Then the attacker's line goes dead: what is left must come to an end by itself.
        world.settle();
        out.isEnded = true;
        world.advance(25_000);
        expect(node.links.has(link), `seed ${seed}`).toBe(false);
        talk(set, 2);
        world.settle();
        expect([fromNode(honest, node.name), fromNode(node, honest.name)], `seed ${seed}`).toEqual([6, 6]);
        expect(honest.eventsOf("peer.down")).toEqual([]);
      }
      expect(spoilt).toBeGreaterThan(10);
    },
    longTest,
  );
});

describe("streams of nothing but garbage", () => {
  test(
    "are closed without a byte when their preface is wrong, and refused with a GOODBYE when it is right",
    () => {
      const preface = encodePreface({ lowest: 1, highest: 1 });
      for (let seed = 0; seed < runs(100, 3000); seed++) {
        const world = new World({ seed, chunkBytes: 100 });
        const [node, stranger] = [world.addNode(), world.addNode()] as const;
        world.settle();
        const link = world.connect(stranger, node);
        const [out, back] = [stranger.links.get(link)?.out, stranger.links.get(link)?.in];
        world.openEnd(node, link, "responder");
        const garbage = randomBytes(world.random, 1 + pick(world.random, 3000));
        const hasPreface = seed % 2 === 0;
        if (out !== undefined) out.tamper = (bytes) => bytes;
        out?.write(hasPreface ? concatBytes(preface, garbage) : garbage);
        // The stranger's engine knows nothing of the link: only the node acts.
        world.advance(25_000);
        expect(node.links.size).toBe(0);
        expect(node.eventsOf("refused")).toHaveLength(1);
        const said = back?.frames.map(({ command }) => command);
        expect(said).toEqual(hasPreface ? [Command.GOODBYE] : []);
        if (!hasPreface) expect(back?.length).toBe(0);
      }
    },
    longTest,
  );
});
