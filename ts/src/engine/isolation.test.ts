// One peer that is stuck, in every way that a peer can be, changes nothing for the others: whatever they are sent arrives in
// the very tick in which it arrives without that peer. r[session.isolated]

import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8 } from "../bytes/index.js";
import { encodeMessage } from "../codec/index.js";
import { encodeFrame, Flag } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import { Metronome } from "../../test/harness/metronome.js";
import { longTest } from "../../test/harness/runs.js";
import type { TestLink, TestNode } from "../../test/harness/test-node.js";
import { World } from "../../test/harness/world.js";

const limits = { QUEUE_BYTES: 40_000, QUEUE_HIGH_WATER_BYTES: 10_000, QUEUE_FULL_MS: 1000 };
const chunkBytes = 4000;
const longestMessage = 1200;

const frame = (command: number, flags: number, tag: number, payload: Uint8Array): Uint8Array =>
  encodeFrame({ command, flags, tag }, payload);

const nothing = new Uint8Array(0);
const ping = (number: number): Uint8Array => frame(Command.PING, Flag.REQUEST, (number % 60_000) + 1000, nothing);

/** What a stuck peer writes in a tick, by hand. */
const noises = {
  "says nothing": () => nothing,
  "asks without end": (tick: number) => concatBytes(...Array.from({ length: 20 }, (_, at) => ping(20 * tick + at))),
  "pours broadcasts": () => frame(Command.BROADCAST, 0, 0, new Uint8Array(300).fill(64)),
  "stops inside a frame": (tick: number) =>
    tick === 1 ? frame(Command.TELL, 0, 0, new Uint8Array(5000)).subarray(0, 900) : nothing,
  "pours locates": (tick: number) => {
    const locate = { query: new Uint8Array(16).fill(tick), wanted: new Uint8Array(32).fill(tick) };
    return frame(Command.LOCATE, 0, 32, encodeMessage("Locate", locate));
  },
} as const;
type Manner = keyof typeof noises;
const manners = Object.keys(noises) as Manner[];

interface Outcome {
  /** What came to the healthy peers, and to the hub of them, with its tick. */
  readonly log: readonly string[];
  readonly most: number;
  readonly downs: readonly string[];
}

/** A hub with two healthy peers, and a third one that is stuck if there is a manner for it. */
function run(manner: Manner | undefined): Outcome {
  const world = new World({ seed: 3, limits, isWhole: true, chunkBytes, capacity: chunkBytes });
  const [hub, left, right, stuck] = [1, 2, 3, 4].map(() => world.addNode()) as [TestNode, TestNode, TestNode, TestNode];
  for (const node of world.nodes) node.isPrompt = true;
  const metronome = new Metronome(world, 1);
  const links = [left, right, stuck].map((node) => world.join(hub, node));
  metronome.until(() => hub.engine.peers.length === 3);
  // Its HELLO has numbers drawn at random: it is a peer in both runs, and gone before anything is compared.
  const link = hub.links.get(links[2] as number) as TestLink;
  if (manner === undefined) {
    stuck.input((engine, now) => engine.stop(now));
    metronome.until(() => !hub.links.has(link.name));
  } else {
    metronome.run(100);
    link.out.isStalled = true;
  }
  metronome.until(() => metronome.ticks >= 500);
  const jam = manner === undefined ? undefined : { manner, link: link.name };
  return measure({ world, metronome, hub, left, right, stuck }, jam);
}

interface Stage {
  readonly world: World;
  readonly metronome: Metronome;
  readonly hub: TestNode;
  readonly left: TestNode;
  readonly right: TestNode;
  readonly stuck: TestNode;
}

function measure(stage: Stage, jam: { manner: Manner; link: number } | undefined): Outcome {
  const { world, metronome, hub, left, right, stuck } = stage;
  const log: string[] = [];
  const first = metronome.ticks;
  for (const node of [hub, left, right]) {
    node.onEvent = (event) => {
      if ("peer" in event && event.peer === stuck.id) return;
      if (["message", "told", "asked", "answered"].includes(event.type)) {
        log.push(`${metronome.ticks - first} ${node.name} ${event.type}`);
      }
      if (event.type === "asked") {
        node.engine.messaging(world.now).serving.answer(event.question, event.payload, false);
      }
    };
  }
  for (const node of [left, right]) node.engine.messaging(world.now).serving.serve("echo", true);
  let most = 0;
  for (let tick = 1; tick <= 900; tick++) {
    if (jam !== undefined) stuck.links.get(jam.link)?.out.write(noises[jam.manner](tick));
    if (tick % 3 === 0) say(stage, tick);
    metronome.run(1);
    if (jam !== undefined) most = Math.max(most, hub.engine.pendingBytes(jam.link));
  }
  // Time for the stuck one to have been full for long enough.
  metronome.run(limits.QUEUE_FULL_MS + 500);
  const downs = hub.eventsOf("peer.down").map(({ code }) => code);
  return { log, most, downs };
}

/** Everybody says something to everybody, and the hub to the stuck one too. */
function say({ world, hub, left, right, stuck }: Stage, tick: number): void {
  const payload = encodeUtf8(String(tick).padStart(700));
  hub.input((engine) => engine.broadcast("c", payload, world.now));
  left.input((engine) => engine.broadcast("c", payload, world.now));
  for (const other of [left, right]) {
    hub.input((engine) => engine.messaging(world.now).outgoing.tell(other.id, "c", payload));
    hub.input((engine) => engine.messaging(world.now).outgoing.ask(other.id, "echo", payload, { timeoutMs: 5000 }));
  }
  try {
    hub.input((engine) => engine.messaging(world.now).outgoing.command(stuck.id, 0x8000, payload));
  } catch {
    // QUEUE_FULL: that is what is expected of it.
  }
}

describe("a stuck peer changes nothing for the others", () => {
  const alone = run(undefined);

  test("without it, everything arrives", () => {
    // 300 times: 2 broadcasts heard by 2 each, of which the hub hears one; 2 TELLs; 2 questions asked and answered.
    expect(alone.log.length).toBe(300 * (2 + 2 + 2 + 2 + 2));
  });

  test.each(manners)(
    "one that %s: every delivery comes in the same tick; its queue is bounded, and SLOW ends it",
    (manner) => {
      const { log, most, downs } = run(manner);
      expect(log).toEqual(alone.log);
      expect(most).toBeLessThan(limits.QUEUE_BYTES + longestMessage);
      if (manner === "pours broadcasts") expect(downs).toHaveLength(1);
      else expect(downs).toEqual(["SLOW"]);
    },
    longTest,
  );
});
