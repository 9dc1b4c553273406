import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8, formatHex } from "../bytes/index.js";
import { explore, type Run } from "../../test/harness/explore.js";
import { pick } from "../../test/harness/random.js";
import { longTest, runs } from "../../test/harness/runs.js";
import type { Action, TestNode } from "../../test/harness/test-node.js";
import { World } from "../../test/harness/world.js";

const limits = { SESSIONS: 4, RECENT_MESSAGES: 32, ORIGINS: 64, UNSIGNED_IDS: 64, KNOWN_RECORDS: 8 };
const ids = [Uint8Array.from({ length: 32 }, () => 9), Uint8Array.from({ length: 32 }, () => 5)];

/** Lets a node broadcast once, as soon as it has its peer. */
function talkOnceUp(world: World, node: TestNode): void {
  let spoke = false;
  node.onEvent = (event) => {
    if (event.type !== "peer.up" || spoke) return;
    spoke = true;
    node.engine.broadcast("", encodeUtf8(node.name), world.now);
  };
}

/**
 * Two nodes between which connections are made. What can happen is that a connection comes about, or that one end reads
 * all that waits there; signatures, writes and the ends of connections come with it at once.
 */
class Crossing implements Run {
  readonly world: World;
  readonly nodes: readonly [TestNode, TestNode];
  readonly #toDial: number[];
  readonly #histories: [string, string] = ["", ""];

  /** @param diallers for each connection the number of the node that dials. */
  constructor(diallers: readonly number[]) {
    this.world = new World({ seed: 1, limits, isWhole: true, chunkBytes: 65_536, descriptor: { policy: 2 } });
    this.nodes = [this.world.addNode({ id: ids[0] as Uint8Array }), this.world.addNode({ id: ids[1] as Uint8Array })];
    for (const node of this.nodes) {
      node.isPrompt = true;
      talkOnceUp(this.world, node);
    }
    this.#toDial = [...diallers];
    this.#comeToRest();
  }

  /** Everything happens that is no reading. */
  #comeToRest(): void {
    const isInner = ({ key }: Action): boolean => !key.includes(" read ");
    for (let inner = this.world.actions().find(isInner); inner !== undefined;) {
      inner.run();
      inner = this.world.actions().find(isInner);
    }
  }

  actions(): Action[] {
    const reads = this.world.actions().map((action) => ({ key: action.key, run: () => this.#read(action) }));
    return this.#toDial.length === 0 ? reads : [...reads, { key: "dial", run: () => this.#dial() }];
  }

  #dial(): void {
    const dialler = this.#toDial.shift() as number;
    this.world.join(this.nodes[dialler] as TestNode, this.nodes[1 - dialler] as TestNode);
    this.#note(0, "dial");
    this.#note(1, "dial");
  }

  #read(action: Action): void {
    const { key } = action;
    const at = key.startsWith("n0") ? 0 : 1;
    const link = this.nodes[at].links.get(Number(key.split(" ").at(-1)));
    const length = link?.in.length ?? 0;
    action.run();
    this.#note(at, `${link?.name}:${length}`);
  }

  #note(at: 0 | 1, what: string): void {
    this.#comeToRest();
    this.#histories[at] += `${what};`;
  }

  state(): string {
    return this.#histories.join("|");
  }
}

function expectOneSession(nodes: readonly TestNode[]): void {
  for (const node of nodes) {
    const types = node.events.map(({ type }) => type).filter((type) => type !== "refused" && type !== "message");
    expect(types).toEqual(["peer.up"]);
    for (const { code } of node.eventsOf("refused")) expect(code).toBe("DUPLICATE");
  }
  const links = nodes.map((node) => [...node.links.keys()]);
  expect(links[0]).toHaveLength(1);
  expect(links[1]).toEqual(links[0]);
}

const heard = (node: TestNode): string[] =>
  node.eventsOf("message").map(({ payload }) => decodeUtf8(payload) ?? "not UTF-8");

describe("rivals", () => {
  test.each([
    ["dials that cross", [0, 1]],
    ["two dials of the node with the larger id", [0, 0]],
    ["two dials of the node with the smaller id", [1, 1]],
  ])(
    "%s: one session stays, whatever the order; broadcasts arrive once",
    (name, diallers) => {
      const check = ({ nodes }: Crossing): void => {
        expectOneSession(nodes);
        expect(nodes.map(heard)).toEqual([["n1"], ["n0"]]);
      };
      const { states, ends } = explore(() => new Crossing(diallers), check, 60_000);
      console.log(`${name}: ${ends} ends over ${states} states`);
      expect(states).toBeGreaterThan(100);
    },
    60_000,
  );

  test(
    "with chunks, signatures and writes in any order, and up to four dials",
    () => {
      for (let seed = 0; seed < runs(60, 3000); seed++) {
        const world = new World({ seed, chunkBytes: 300, limits: { ...limits, SESSIONS: 8 } });
        const nodes = [world.addNode(), world.addNode()] as const;
        for (const node of nodes) talkOnceUp(world, node);
        const dials = 2 + pick(world.random, 3);
        for (let i = 0; i < dials; i++) {
          const from = pick(world.random, 2);
          world.join(nodes[from] as TestNode, nodes[1 - from] as TestNode);
          for (let steps = pick(world.random, 40); steps > 0; steps--) world.step();
        }
        world.advance(20_000);
        expectOneSession(nodes);
        expect(nodes.map(heard), `seed ${seed}`).toEqual([["n1"], ["n0"]]);
      }
    },
    longTest,
  );

  test(
    "kept addresses of a pair that dials each other come to rest with one session",
    () => {
      for (let seed = 0; seed < runs(20, 500); seed++) {
        const world = new World({ seed, chunkBytes: 1000, limits });
        const nodes = [world.addNode(), world.addNode()] as const;
        for (const [i, node] of nodes.entries()) {
          const address = world.addressOf(nodes[1 - i] as TestNode);
          node.input((engine, now) => engine.dial({ address, isKept: true }, now));
        }
        world.advance(5 * 60_000);
        expectOneSession(nodes);
        const refusals = nodes.flatMap((node) => node.eventsOf("refused"));
        expect(refusals.length, `seed ${seed}: ${refusals.map(({ role }) => role).join(" ")}`).toBeLessThanOrEqual(4);
        expect(formatHex(nodes[0].engine.peers[0] as Uint8Array)).toBe(formatHex(nodes[1].id));
      }
    },
    longTest,
  );
});
