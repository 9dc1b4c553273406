// The ring through the public API: nodes of this process over TLS that found, join, look up, leave and die.

import { compareBytes, equalBytes } from "../../src/bytes/index.js";
import { describe, expect, test } from "vitest";
import type { Node, NodeOptions } from "../../src/index.js";
import { longTest } from "../harness/runs.js";
import { addressOf, next, node } from "./nodes.js";

const network = "ring";
const listen = ["tls://127.0.0.1:0"];
/** Quick enough for a test. */
const limits = { RING_STABILIZE_MS: 200, RING_STABILIZE_QUIET_MS: 400, RING_AUDIT_MS: 500, RING_JOIN_MIN_MS: 50 };

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
const member = (options: Partial<NodeOptions>): Promise<Node> => node({ network, listen, limits, ...options });

/** The nodes in the order of their positions. */
const around = (nodes: readonly Node[]): Node[] =>
  nodes.toSorted((a, b) => compareBytes(a.ring.positionOf(a.id), b.ring.positionOf(b.id)));

/** Who owns a position among nodes. */
function ownerOf(nodes: readonly Node[], target: Uint8Array): Node {
  const inOrder = around(nodes);
  return (inOrder.find((one) => compareBytes(one.ring.positionOf(one.id), target) >= 0) ?? inOrder[0]) as Node;
}

/** Whether every node has the next one as its head and the one before as its predecessor. */
function isRing(nodes: readonly Node[]): boolean {
  const inOrder = around(nodes);
  return inOrder.every((one, i) => {
    const { successors, predecessor } = one.ring.state();
    const after = inOrder[(i + 1) % inOrder.length] as Node;
    const before = inOrder.at(i - 1) as Node;
    if (inOrder.length === 1) return successors.length === 0;
    return equalBytes(successors[0]?.nodeId ?? one.id, after.id) && hex(predecessor?.nodeId) === hex(before.id);
  });
}

/** Waits until they are a ring. */
async function whole(nodes: readonly Node[]): Promise<void> {
  await expect.poll(() => isRing(nodes), { timeout: 30_000, interval: 20 }).toBe(true);
}

/** A ring of nodes of which the first has founded it. */
async function ring(count: number, options: Partial<NodeOptions> = {}): Promise<Node[]> {
  const first = await member({ ...options, ring: "found" });
  const bootstrap = [addressOf(first)];
  const others = Array.from({ length: count - 1 }, () => member({ ...options, ring: "join", bootstrap }));
  const nodes = [first, ...(await Promise.all(others))];
  await whole(nodes);
  return nodes;
}

const targets = (count: number): Uint8Array[] =>
  Array.from({ length: count }, () => crypto.getRandomValues(new Uint8Array(32)));

describe("a ring of five nodes over TLS", () => {
  test(
    "answers lookups of members and of a client, and tells what its nodes know",
    async () => {
      const nodes = await ring(5);
      const [first] = nodes as [Node];
      const client = await node({ network, limits });
      for (const target of targets(5)) {
        const owner = hex(ownerOf(nodes, target).id);
        for (const one of nodes) expect(hex((await one.ring.lookup(target)).owner)).toBe(owner);
        const { owner: found, hops, path } = await client.ring.lookup(target, { through: [addressOf(first)] });
        expect(hex(found)).toBe(owner);
        expect(hops).toBe(path.length);
        expect(hex(path[0]?.nodeId)).toBe(hex(first.id));
      }
      // A client's peers lead it on without an address.
      const own = await client.ring.lookup(first.ring.positionOf(first.id));
      expect(hex(own.owner)).toBe(hex(first.id));

      const view = await client.ring.stateOf(addressOf(first));
      expect(view).toMatchObject({ wraps: true, self: { nodeId: first.id, addresses: first.addresses } });
      expect(view.successors.map(({ nodeId }) => hex(nodeId))).toEqual(
        first.ring.state().successors.map(({ nodeId }) => hex(nodeId)),
      );
      const beyond = first.ring.positionOf(view.successors[0]?.nodeId ?? first.id);
      const { owners, next: nearer } = await client.ring.stepOf(addressOf(first), beyond);
      expect([hex(owners[0]?.nodeId), nearer]).toEqual([hex(view.successors[0]?.nodeId), []]);
    },
    longTest,
  );

  test(
    "one that leaves is missed at once by its neighbours, long before they would have looked",
    async () => {
      const slow = { RING_STABILIZE_MS: 4_000, RING_STABILIZE_QUIET_MS: 4_000, RING_AUDIT_MS: 60_000 };
      const nodes = await ring(5, { limits: slow });
      const leaver = nodes[2] as Node;
      const others = nodes.filter((one) => one !== leaver);
      const phases: string[] = [];
      leaver.on("ring", ({ phase }) => phases.push(phase));
      const left = leaver.ring.leave();
      const begun = Date.now();
      await whole(others);
      // A round comes every second; both neighbours would have to have theirs by chance.
      expect(Date.now() - begun).toBeLessThan(800);
      expect(leaver.ring.state().phase).toBe("LEAVING");
      await leaver.close();
      await left;
      expect(phases).toEqual(["LEAVING"]);
      for (const target of targets(3))
        for (const one of others)
          expect(hex((await one.ring.lookup(target)).owner)).toBe(hex(ownerOf(others, target).id));
    },
    longTest,
  );

  test(
    "mends itself when two are gone without a word, and takes one back that starts again",
    async () => {
      const nodes = await ring(5);
      const [gone, alsoGone, ...others] = nodes as [Node, Node, ...Node[]];
      await Promise.all([gone.close(), alsoGone.close()]);
      await whole(others);
      const again = await member({ ring: "join", bootstrap: others.map(addressOf) });
      await whole([...others, again]);
      expect(again.ring.state()).toMatchObject({ phase: "MEMBER" });
    },
    longTest,
  );
});

describe("a node", () => {
  test("waits to be told, and founds alone", async () => {
    const one = await member({ ring: "wait" });
    expect(one.ring.state()).toMatchObject({ phase: "JOINING", successors: [], wraps: false, fingers: [] });
    const founded = next(one, "ring");
    one.ring.found();
    expect(await founded).toMatchObject({ phase: "FOUNDER" });
    expect(one.ring.state()).toMatchObject({ phase: "FOUNDER", wraps: true });
    expect(() => one.ring.join([])).toThrow(/MISUSE/);
    const { owner, hops } = await one.ring.lookup(new Uint8Array(32));
    expect([hex(owner), hops]).toEqual([hex(one.id), 0]);
  });

  test("tries to join until somebody is there", async () => {
    const first = await member({ ring: "wait", listen: ["memory://ring-late"] });
    const late = await member({ ring: "join", bootstrap: ["memory://ring-late"], listen: ["memory://any"] });
    expect(late.ring.state().phase).toBe("JOINING");
    first.ring.found();
    await whole([first, late]);
    expect(late.ring.state()).toMatchObject({ phase: "MEMBER" });
  });

  test("leaves, tells when it has, and is closed then", async () => {
    const nodes = await ring(2, { listen: ["memory://any"], limits: { ...limits, RING_STABILIZE_MS: 50 } });
    const [first, second] = nodes as [Node, Node];
    const phases: string[] = [];
    second.on("ring", ({ phase }) => phases.push(phase));
    await second.ring.leave();
    expect(phases).toEqual(["LEAVING", "LEFT"]);
    expect(() => second.ring.state()).toThrow(/CLOSED/);
    await whole([first]);
  });

  test("that takes no part is told so, by itself and by others", async () => {
    const [client, other] = [await node({ network }), await node({ network })];
    expect(() => client.ring.state()).toThrow(/MISUSE/);
    expect(() => client.ring.found()).toThrow(/MISUSE/);
    await expect(client.ring.leave()).rejects.toMatchObject({ code: "MISUSE" });
    await expect(client.ring.lookup(new Uint8Array(31))).rejects.toMatchObject({ code: "MISUSE" });
    await expect(client.ring.lookup(new Uint8Array(32))).rejects.toMatchObject({ code: "UNREACHABLE" });
    const through = [addressOf(other)];
    await expect(client.ring.lookup(new Uint8Array(32), { through })).rejects.toMatchObject({ code: "UNREACHABLE" });
    await expect(client.ring.stateOf(addressOf(other))).rejects.toMatchObject({ code: "UNREACHABLE" });
    await expect(client.ring.stateOf("memory://nobody-here")).rejects.toMatchObject({ code: "UNREACHABLE" });
  });

  test("does not wait any longer for a lookup that is aborted", async () => {
    const client = await node({ network });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(client.ring.lookup(new Uint8Array(32), { signal })).rejects.toThrow("enough");
  });
});
