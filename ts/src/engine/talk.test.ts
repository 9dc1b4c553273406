// Nodes that tell and ask each other at random while links come and go, signatures lag and queues fill: whatever the order,
// every request has one outcome, every TELL arrives at most once and in order, and nothing is left behind.

import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8, formatHex } from "../bytes/index.js";
import type { ProtocolError } from "../errors/index.js";
import { pick } from "../../test/harness/random.js";
import { longTest, runs } from "../../test/harness/runs.js";
import type { AnyEvent, TestNode } from "../../test/harness/test-node.js";
import { World } from "../../test/harness/world.js";

const limits = {
  SESSIONS: 8,
  RECENT_MESSAGES: 32,
  ORIGINS: 64,
  UNSIGNED_IDS: 64,
  QUEUE_BYTES: 6000,
  QUEUE_HIGH_WATER_BYTES: 2500,
  REQUESTS: 6,
  UNANSWERED: 20,
};

interface Request {
  readonly kind: "tell" | "ask";
  readonly text: string;
  readonly to: TestNode;
  isGivenUp: boolean;
}

/** A node that talks, and what it knows of what it has said and heard. */
class Talker {
  readonly node: TestNode;
  readonly requests = new Map<number, Request>();
  readonly outcomes = new Map<number, string[]>();
  /** Questions that the application has and has not answered. */
  readonly open = new Map<number, string>();
  /** What was told and asked, by who said it. */
  readonly heard = new Map<string, string[]>();
  /** What must not be. */
  readonly wrong: string[] = [];
  refused = 0;
  readonly #world: World;
  #said = 0;

  constructor(world: World, node: TestNode) {
    this.#world = world;
    this.node = node;
    node.onEvent = (event) => this.#hear(event);
    node.engine.messaging(world.now).serving.serve("c", true);
  }

  #hear(event: AnyEvent): void {
    if ("request" in event) {
      this.outcomes.set(event.request, [...(this.outcomes.get(event.request) ?? []), event.type]);
      const request = this.requests.get(event.request);
      const isRight = event.type !== "answered" || decodeUtf8(event.payload) === `re: ${request?.text.trim()}`;
      if (!isRight) this.wrong.push(`answer of another question to ${request?.text}`);
    } else if (event.type === "told" || event.type === "asked") {
      const text = (decodeUtf8(event.payload) ?? "").trim();
      const key = formatHex(event.peer);
      this.heard.set(key, [...(this.heard.get(key) ?? []), text]);
      if (event.type === "asked") this.open.set(event.question, text);
    } else if (event.type === "withdrawn") {
      if (!this.open.delete(event.question)) this.wrong.push("withdrawn, but not open");
    }
  }

  say(to: TestNode): void {
    const kind = pick(this.#world.random, 2) === 0 ? "tell" : "ask";
    const text = `${++this.#said} ${kind}`.padEnd(pick(this.#world.random, 900));
    const { outgoing } = this.node.engine.messaging(this.#world.now);
    this.node.input(() => {
      try {
        const timeoutMs = 1 + pick(this.#world.random, 3000);
        const payload = encodeUtf8(text);
        const number =
          kind === "tell" ? outgoing.tell(to.id, "c", payload) : outgoing.ask(to.id, "c", payload, { timeoutMs });
        this.requests.set(number, { kind, text, to, isGivenUp: false });
      } catch (error) {
        if ((error as ProtocolError).code !== "QUEUE_FULL") throw error;
        this.refused++;
      }
    });
  }

  /** The application answers a question, fails to, or forgets about it. */
  respond(): void {
    const [question, text] = [...this.open][pick(this.#world.random, this.open.size)] ?? [];
    if (question === undefined || text === undefined) return;
    const how = pick(this.#world.random, 4);
    if (how === 3) return;
    this.open.delete(question);
    this.node.input((engine, now) => {
      const { serving } = engine.messaging(now);
      if (how === 0) serving.fail(question, "no");
      else serving.answer(question, encodeUtf8(`re: ${text}`), false);
      // A second answer is nobody's.
      if (serving.answer(question, encodeUtf8("again"), false)) this.wrong.push("answered twice");
    });
  }

  giveUp(): void {
    const waiting = [...this.requests].filter(([number]) => !this.outcomes.has(number));
    const [number, request] = waiting[pick(this.#world.random, waiting.length)] ?? [];
    if (number === undefined || request === undefined) return;
    request.isGivenUp = true;
    this.node.input((engine, now) => engine.messaging(now).outgoing.giveUp(number));
  }
}

/** One thing that somebody does. */
function act(world: World, talkers: readonly Talker[]): void {
  const [one, other] = [pick(world.random, talkers.length), pick(world.random, talkers.length)];
  const talker = talkers[one] as Talker;
  const peer = (talkers[other] as Talker).node;
  const what = pick(world.random, 40);
  if (one !== other && what < 20) talker.say(peer);
  else if (what < 30) talker.respond();
  else if (what < 33) talker.giveUp();
  else if (what < 35 && one !== other) world.join(talker.node, peer);
  else if (what === 35) cutOne(world, talker.node);
  else if (what === 36) world.advance(pick(world.random, 1500));
}

function cutOne(world: World, node: TestNode): void {
  const links = [...node.links.values()];
  const link = links[pick(world.random, links.length)];
  if (link !== undefined) node.cut(link);
}

function expectOnce(talker: Talker, seed: number): void {
  expect(talker.wrong, `seed ${seed}`).toEqual([]);
  for (const texts of talker.heard.values()) {
    const numbers = texts.map((text) => Number.parseInt(text, 10));
    expect(new Set(numbers).size, `seed ${seed}: heard twice`).toBe(numbers.length);
  }
}

function expectOutcomes(talker: Talker, seed: number): void {
  for (const [number, { kind, isGivenUp }] of talker.requests) {
    const outcomes = talker.outcomes.get(number) ?? [];
    const about = `seed ${seed}: ${talker.node.name} ${kind} ${number}`;
    if (isGivenUp) expect(outcomes, about).toEqual([]);
    else expect(outcomes, about).toHaveLength(1);
    if (kind === "ask") expect(outcomes, about).not.toContain("sent");
  }
}

describe("nodes that tell and ask at random", () => {
  test(
    "have one outcome of each request, and hear nothing twice",
    () => {
      let [answered, failed, refused] = [0, 0, 0];
      for (let seed = 0; seed < runs(40, 2000); seed++) {
        const world = new World({ seed, limits, chunkBytes: 700, capacity: 2000, descriptor: { policy: 2 } });
        const talkers = [0, 1, 2].map(() => world.addNode()).map((node) => new Talker(world, node));
        world.settle();
        world.join((talkers[0] as Talker).node, (talkers[1] as Talker).node);
        world.join((talkers[1] as Talker).node, (talkers[2] as Talker).node);
        for (let acts = 0; acts < 250; acts++) {
          act(world, talkers);
          for (let steps = pick(world.random, 30); steps > 0; steps--) world.step();
        }
        world.advance(60_000);
        for (const talker of talkers) {
          expectOutcomes(talker, seed);
          expectOnce(talker, seed);
          // Every deadline has passed: no question is the application's any more.
          expect(talker.open.size, `seed ${seed}`).toBe(0);
          const outcomes = [...talker.outcomes.values()].flat();
          answered += outcomes.filter((outcome) => outcome === "answered").length;
          failed += outcomes.filter((outcome) => outcome === "failed").length;
          refused += talker.refused;
        }
      }
      // It was worth the while.
      for (const count of [answered, failed, refused]) expect(count).toBeGreaterThan(100);
    },
    longTest,
  );

  test(
    "that are joined once and stay so hear everything in its order",
    () => {
      for (let seed = 0; seed < runs(20, 1000); seed++) {
        const world = new World({ seed, limits, chunkBytes: 700, capacity: 2000, descriptor: { policy: 2 } });
        const [a, b] = [0, 1].map(() => world.addNode()).map((node) => new Talker(world, node)) as [Talker, Talker];
        world.settle();
        world.join(a.node, b.node);
        world.settle();
        for (let acts = 0; acts < 200; acts++) {
          const what = pick(world.random, 10);
          if (what < 5) a.say(b.node);
          else if (what < 8) b.say(a.node);
          else (what === 8 ? a : b).respond();
          for (let steps = pick(world.random, 20); steps > 0; steps--) world.step();
        }
        world.settle();
        for (const [one, other] of [
          [a, b],
          [b, a],
        ] as const) {
          const said = [...one.requests.values()].map(({ text }) => text.trim());
          expect(other.heard.get(formatHex(one.node.id)), `seed ${seed}`).toEqual(said);
        }
      }
    },
    longTest,
  );
});
