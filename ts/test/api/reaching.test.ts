// Nodes that are no peers yet: reached by their record, by asking the network, or not at all. And who may be a peer, what is
// changed while the node runs, and what it tells of its peers.

import { describe, expect, test } from "vitest";
import { createIdentity, type Node } from "../../src/index.js";
import { bytes, codeOf, text } from "./calls.js";
import { addressOf, next, node, pair } from "./nodes.js";

const limits = { LOCATE_WAIT_MS: 40, LOCATES_PER_SECOND: 100, PEERS_INTERVAL_MS: 0 };

/** Nodes in a row, each a peer of the one before and the one behind. */
async function chain(count: number): Promise<Node[]> {
  const nodes: Node[] = [];
  for (let at = 0; at < count; at++) {
    const made = await node({ limits });
    const before = nodes.at(-1);
    nodes.push(made);
    if (before === undefined) continue;
    const up = Promise.all([next(made, "peer.up"), next(before, "peer.up")]);
    made.dial(addressOf(before));
    await up;
  }
  return nodes;
}

const first = <T>(things: readonly T[]): T => things[0] as T;
const last = <T>(things: readonly T[]): T => things.at(-1) as T;

describe("a node that is no peer", () => {
  test("is asked and told through a chain of four: it is found, dialled, and a peer from then on", async () => {
    const nodes = await chain(4);
    const [a, d] = [first(nodes), last(nodes)];
    d.serve("echo", ({ payload }) => payload);
    expect(text(await a.ask(d.id, "echo", bytes("far")))).toBe("far");
    const told = next(d, "told");
    await a.tell(d.idText, "c", bytes("near"));
    expect(await told).toMatchObject({ peer: a.id });
    expect(a.peers).toHaveLength(2);
    expect(d.peers).toHaveLength(2);
  });

  test("many calls for one node share one search, and arrive in their order", async () => {
    const nodes = await chain(4);
    const [a, d] = [first(nodes), last(nodes)];
    const heard: string[] = [];
    d.on("told", ({ payload }) => heard.push(text(payload)));
    d.serve("fence", ({ payload }) => payload);
    const calls = ["1", "2", "3", "4"].map((what) => a.tell(d.id, "c", bytes(what)));
    await Promise.all([...calls, a.ask(d.id, "fence", bytes(""))]);
    expect(heard).toEqual(["1", "2", "3", "4"]);
    expect(d.peers).toHaveLength(2);
  });

  test("more than a queue takes at once waits until it is reached, and then for room", async () => {
    const nodes = await chain(3);
    const [a, c] = [first(nodes), last(nodes)];
    const lengths: number[] = [];
    c.on("told", ({ payload }) => lengths.push(payload.length));
    c.serve("fence", ({ payload }) => payload);
    const calls = Array.from({ length: 12 }, (_, at) => a.tell(c.id, "c", new Uint8Array(900_000 + at)));
    await Promise.all(calls);
    await a.ask(c.id, "fence", bytes(""));
    expect(lengths).toEqual(Array.from({ length: 12 }, (_, at) => 900_000 + at));
  });

  test("that nobody knows is UNREACHABLE, for all that was to be said to it", async () => {
    const [a] = await chain(2);
    const nobody = createIdentity().nodeId;
    const payload = new Uint8Array(900_000);
    const calls = [
      a?.locate(nobody),
      a?.ask(nobody, "c", bytes("x")),
      ...Array.from({ length: 10 }, () => a?.tell(nobody, "c", payload)),
    ];
    expect(new Set(await Promise.all(calls.map((call) => codeOf(call as Promise<void>))))).toEqual(
      new Set(["UNREACHABLE"]),
    );
  });

  test("is UNREACHABLE for a node without any peer", async () => {
    const lone = await node({ limits });
    expect(await codeOf(lone.tell(createIdentity().nodeId, "c", bytes("x")))).toBe("UNREACHABLE");
  });

  test("that is located is known, not dialled", async () => {
    const nodes = await chain(4);
    const [a, d] = [first(nodes), last(nodes)];
    await a.locate(d.id);
    expect(a.peers).toHaveLength(1);
    await a.tell(d.id, "c", bytes("x"));
    expect(a.peers).toHaveLength(2);
  });

  test("is waited for no longer than the signal says", async () => {
    const [a] = await chain(2);
    const nobody = createIdentity().nodeId;
    const calls = [
      (signal: AbortSignal) => a?.locate(nobody, { signal }),
      (signal: AbortSignal) => a?.tell(nobody, "c", bytes("x"), { signal }),
      (signal: AbortSignal) => a?.ask(nobody, "c", bytes("x"), { signal }),
    ];
    for (const call of calls) {
      const controller = new AbortController();
      const waiting = call(controller.signal) as Promise<unknown>;
      controller.abort(new Error("enough"));
      await expect(waiting).rejects.toThrow("enough");
      await expect(call(AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    }
  });

  test("is CLOSED to wait for once the node closes", async () => {
    const [a] = await chain(2);
    const nobody = createIdentity().nodeId;
    const calls = [a?.locate(nobody), a?.tell(nobody, "c", bytes("x")), a?.ask(nobody, "c", bytes("x"))];
    const outcomes = Promise.all(calls.map((call) => codeOf(call as Promise<void>)));
    await a?.close();
    expect(await outcomes).toEqual(["CLOSED", "CLOSED", "CLOSED"]);
    expect(await codeOf(a?.locate(nobody) as Promise<void>)).toBe("CLOSED");
  });
});

describe("askPeers", () => {
  test("answers with others that the peer knows, which can be reached then", async () => {
    const nodes = await chain(3);
    const [a, b, c] = nodes as [Node, Node, Node];
    expect(await a.askPeers(b.id)).toEqual([c.id]);
    c.serve("echo", ({ payload }) => payload);
    expect(text(await a.ask(c.id, "echo", bytes("x")))).toBe("x");
  });

  test("too soon is BUSY; of a node that is no peer UNREACHABLE; with a bad limit MISUSE", async () => {
    const [a, b] = await pair();
    await a.askPeers(b.id);
    expect(await codeOf(a.askPeers(b.id))).toBe("BUSY");
    expect(await codeOf(a.askPeers(createIdentity().nodeId))).toBe("UNREACHABLE");
    for (const limit of [0, 33, 1.5, Number.NaN]) expect(await codeOf(a.askPeers(b.id, { limit }))).toBe("MISUSE");
    await expect(a.askPeers(b.id, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
    expect(a.peers).toHaveLength(1);
  });
});

describe("access", () => {
  test("that takes a peer's right away parts with BANNED, and refuses it from then on", async () => {
    const [a, b] = await pair();
    const down = Promise.all([next(a, "peer.down"), next(b, "peer.down")]);
    a.access({ deny: [b.idText] });
    expect((await down).map(({ code }) => code)).toEqual(["BANNED", "BANNED"]);
    const refused = next(b, "refused");
    b.dial(addressOf(a));
    expect(await refused).toMatchObject({ code: "BANNED", by: "remote" });
    a.access({});
    const up = next(b, "peer.up");
    b.dial(addressOf(a));
    await up;
  });

  test("with a list lets in nobody else; an `accept` that throws lets in nobody and surfaces", async () => {
    const [a, b] = [await node(), await node()];
    a.access({ allow: [createIdentity().nodeId] });
    const refused = next(b, "refused");
    b.dial(addressOf(a));
    expect(await refused).toMatchObject({ code: "BANNED" });
    const surfaced: unknown[] = [];
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => surfaced.push(error.message));
    try {
      a.access({
        accept: () => {
          throw new Error("of the application");
        },
      });
      const again = next(b, "refused");
      b.dial(addressOf(a));
      expect(await again).toMatchObject({ code: "BANNED" });
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const other of others) process.on("uncaughtException", other);
    }
    expect(surfaced).toEqual(["of the application"]);
    expect(a.peers).toEqual([]);
  });
});

describe("a node that runs", () => {
  test("refuses an update that no peer would take", async () => {
    const [a, b] = await pair();
    for (const receiveLimit of [1, 2 ** 24, 1.5, Number.NaN, -1]) {
      expect(() => a.update({ receiveLimit }), String(receiveLimit)).toThrow("MISUSE");
    }
    expect(() => a.update({ compressions: [7] })).toThrow("MISUSE");
    a.update({ compressions: [] });
    a.serve("c", ({ payload }) => payload);
    const payload = new Uint8Array(5000);
    expect(await b.ask(a.id, "c", payload, { compress: true })).toHaveLength(5000);
    expect(b.peers).toHaveLength(1);
  });

  test("takes more when it says so", async () => {
    const [a, b] = await pair();
    expect(await codeOf(b.tell(a.id, "c", new Uint8Array(2 << 20)))).toBe("TOO_LARGE");
    a.serve("fence", ({ payload }) => payload);
    a.update({ receiveLimit: 4 << 20 });
    // Its answer comes behind the UPDATE.
    await b.ask(a.id, "fence", bytes(""));
    const told = next(a, "told");
    await b.tell(a.id, "c", new Uint8Array(2 << 20));
    expect((await told).payload).toHaveLength(2 << 20);
  });

  test("knows the round trip to its peers, and to nobody else", async () => {
    const [a, b] = await pair();
    a.serve("fence", ({ payload }) => payload);
    b.serve("fence", ({ payload }) => payload);
    await Promise.all([a.ask(b.id, "fence", bytes("")), b.ask(a.id, "fence", bytes(""))]);
    const known = [a.rttMs(b.id), b.rttMs(a.id)].filter((ms) => ms !== undefined);
    expect(known.length).toBeGreaterThan(0);
    for (const ms of known) expect(ms).toBeGreaterThanOrEqual(0);
    expect(a.rttMs(createIdentity().nodeId)).toBeUndefined();
  });

  test("asks its hook about broadcasts: what it refuses is not delivered", async () => {
    const [a, b] = await pair();
    const heard: string[] = [];
    b.on("message", ({ payload }) => heard.push(text(payload)));
    b.validate(({ payload }) => !text(payload).startsWith("bad"));
    await a.broadcast("c", bytes("bad one"));
    const good = next(b, "message");
    await a.broadcast("c", bytes("good one"));
    await good;
    expect(heard).toEqual(["good one"]);
  });

  test("gives events of messages too, and ends them with the node", async () => {
    const [a, b] = await pair();
    const events = b.events();
    await a.tell(b.id, "c", bytes("x"));
    await a.close();
    const types: string[] = [];
    for await (const { type } of events) {
      types.push(type);
      if (type === "peer.down") break;
    }
    expect(types).toEqual(["told", "peer.down"]);
  });
});
