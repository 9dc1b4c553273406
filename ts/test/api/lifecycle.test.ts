import { describe, expect, test } from "vitest";
import { createIdentity, SystemClock } from "../../src/index.js";
import { addressOf, next, node, pair } from "./nodes.js";

describe("close", () => {
  test("tells every peer CLOSED, is safe to call twice, and gives the address back", async () => {
    const [a, b] = await pair();
    const address = addressOf(a);
    const down = next(b, "peer.down");
    await Promise.all([a.close(), a.close()]);
    await a.close();
    expect(await down).toMatchObject({ code: "CLOSED", peer: a.id });
    expect([a.peers, b.peers]).toEqual([[], []]);
    expect(addressOf(await node({ listen: [address] }))).toBe(address);
  });

  test("what was broadcast before still arrives", async () => {
    const [a, b] = await pair();
    let heard = 0;
    b.on("message", () => heard++);
    const down = next(b, "peer.down");
    for (let i = 0; i < 200; i++) await a.broadcast("c", new Uint8Array(1000));
    await a.close();
    await down;
    expect(heard).toBe(200);
  });

  test("ends a node with dials under way and addresses to keep", async () => {
    const lone = await node({ bootstrap: ["memory://nobody", "tcp://127.0.0.1:1"] });
    lone.dial("tcp://127.0.0.1:2", { keep: true });
    await lone.close();
    expect(lone.peers).toEqual([]);
  });

  test("comes by itself at the end of a block", async () => {
    let closed: Promise<unknown>;
    const b = await node();
    {
      await using a = await node();
      const up = next(b, "peer.up");
      a.dial(addressOf(b));
      await up;
      closed = next(b, "peer.down");
    }
    expect(await closed).toMatchObject({ code: "CLOSED" });
  });
});

describe("an address that is kept", () => {
  const limits = { REDIAL_MIN_MS: 100, REDIAL_MAX_MS: 1000 };

  test("is dialled until it answers, and again after a loss", async () => {
    const clock = new SystemClock();
    const address = "memory://kept";
    const a = await node({ bootstrap: [address], limits, clock });
    /** Time passes for the node alone. */
    const pass = (ms: number): void => {
      clock.advance(ms);
      a.wake();
    };
    await next(a, "refused", ({ code }) => code === "UNREACHABLE");
    for (const identity of [createIdentity(), createIdentity()]) {
      const b = await node({ listen: [address], identity });
      const up = next(a, "peer.up");
      pass(1300);
      expect((await up).peer).toEqual(identity.nodeId);
      const down = next(a, "peer.down");
      await b.close();
      expect((await down).peer).toEqual(identity.nodeId);
    }
    const refused = next(a, "refused");
    pass(1300);
    expect((await refused).code).toBe("UNREACHABLE");
  });

  test("one that is not kept is dialled once", async () => {
    const clock = new SystemClock();
    const a = await node({ limits, clock });
    const refusals: string[] = [];
    a.on("refused", ({ address }) => refusals.push(address));
    const refused = next(a, "refused");
    a.dial("memory://once");
    await refused;
    clock.advance(60_000);
    a.wake();
    const last = next(a, "refused", ({ address }) => address === "memory://other");
    a.dial("memory://other");
    await last;
    expect(refusals).toEqual(["memory://once", "memory://other"]);
  });
});

describe("a clock", () => {
  test("never goes back", () => {
    const clock = new SystemClock();
    const before = clock.now();
    clock.advance(5000);
    const ahead = clock.now();
    clock.advance(-5000);
    expect(ahead).toBeGreaterThanOrEqual(before + 5000);
    expect(clock.now()).toBeGreaterThanOrEqual(ahead);
  });
});
