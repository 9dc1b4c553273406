// The table through the public API: rings of this process over TLS that are written to, read, listed and watched.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createIdentity, type Node, type NodeOptions } from "../../src/index.js";
import { longTest } from "../harness/runs.js";
import { addressOf, node } from "./nodes.js";

const network = "table";
const listen = ["tls://127.0.0.1:0"];
/** Quick enough for a test. */
const limits = { RING_STABILIZE_MS: 200, RING_STABILIZE_QUIET_MS: 400, RING_AUDIT_MS: 500, RING_JOIN_MIN_MS: 50 };
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

/** A ring of nodes of which the first has founded it. */
async function ring(count: number, options: Partial<NodeOptions> = {}): Promise<Node[]> {
  const first = await node({ network, listen, limits, ...options, ring: "found" });
  const nodes = [first];
  const bootstrap = [addressOf(first)];
  for (let i = 1; i < count; i++)
    nodes.push(await node({ network, listen, limits, ...options, ring: "join", bootstrap }));
  const isWhole = (): boolean =>
    nodes.every(({ ring: own }) => {
      const { phase, successors, predecessor } = own.state();
      return (
        phase !== "JOINING" && successors.length >= Math.min(4, count - 1) && (count === 1 || predecessor !== undefined)
      );
    });
  await expect.poll(isWhole, { timeout: 30_000, interval: 20 }).toBe(true);
  return nodes;
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe("a ring of one", () => {
  test("is a Map", { timeout: longTest }, async () => {
    const [only] = (await ring(1)) as [Node];
    const { table } = only;
    expect(await table.get("a")).toBeUndefined();
    const write = await table.set("a", "1");
    expect(write).toMatchObject({ isWhole: true, entry: { kind: "shared", writer: only.id } });
    expect(text(await table.get("a"))).toBe("1");
    expect(await table.has("a")).toBe(true);
    await table.set("a", "2");
    expect(text(await table.get("a"))).toBe("2");
    await table.set("b", "3");
    expect(new Set((await all(table.keys())).map(text))).toEqual(new Set(["a", "b"]));
    const entries = new Map((await all(table)).map(([key, value]) => [text(key), text(value)]));
    expect(entries).toEqual(new Map(Object.entries({ a: "2", b: "3" })));
    expect(text(await table.pop("a"))).toBe("2");
    expect(await table.has("a")).toBe(false);
    expect(await table.pop("a")).toBeUndefined();
    expect((await all(table.keys())).map(text)).toEqual(["b"]);
    expect(text(await table.update("b", (value) => `${text(value)}!`))).toBe("3!");
    expect(await table.update("b", () => undefined)).toBeUndefined();
    expect(await table.has("b")).toBe(false);
  });
});

test("a value that is refreshed outlives its time", { timeout: longTest }, async () => {
  const [only] = (await ring(1)) as [Node];
  const { table } = only;
  const changes = table.watch("kept");
  const first = await table.set("kept", "still here", { ttlMs: 2_000, refresh: true });
  const versions = [await changes.next(), await changes.next()].map(({ value }) => value);
  expect(versions.map((entry) => text(entry?.value))).toEqual(["still here", "still here"]);
  expect(versions[0]?.sequence).toBe(first.entry.sequence);
  expect(versions[1]?.expiresAt).toBeGreaterThan(first.entry.expiresAt);
  await changes.return?.();
});

test("a member tells which keys it gains and loses", { timeout: longTest }, async () => {
  const [only] = (await ring(1)) as [Node];
  const told: string[] = [];
  for (const type of ["key.gained", "key.lost"] as const) only.on(type, ({ key }) => told.push(`${type} ${text(key)}`));
  await only.table.set("a", "1");
  await only.table.set("a", "2");
  await only.table.delete("a");
  await only.table.delete("b");
  expect(told).toEqual(["key.gained a", "key.lost a"]);
});

describe("a ring of six", () => {
  test(
    "shares shared, owned and immutable keys with all of them and with a client",
    { timeout: longTest },
    async () => {
      const nodes = await ring(6);
      const client = await node({ network, limits });
      client.dial(addressOf(nodes[0] as Node));
      await expect.poll(() => client.peers.length, { timeout: 10_000, interval: 20 }).toBeGreaterThan(0);
      const everybody = [...nodes, client];
      const { groups, holders, isWhole } = await client.table.set("shared", "from the client");
      expect(groups.filter((group) => group.holders.length > 0).length).toBeGreaterThanOrEqual(3);
      expect(holders.length >= 5 || isWhole).toBe(true);
      const owned = await client.table.owned().set("name", "mine");
      expect(owned.entry).toMatchObject({ kind: "owned", writer: client.id });
      const { entry } = await client.table.put("for ever");
      for (const one of everybody) {
        expect(text(await one.table.get("shared"))).toBe("from the client");
        expect(text(await one.table.owned(client.id).get("name"))).toBe("mine");
        expect(text(await one.table.fetch(entry.key))).toBe("for ever");
        expect(await one.table.get("nothing")).toBeUndefined();
      }
      await (nodes[3] as Node).table.delete("shared");
      for (const one of everybody) expect(await one.table.has("shared")).toBe(false);
      const listed = await all(client.table.list());
      expect(new Set(listed.map(({ kind }) => kind))).toEqual(new Set(["immutable", "owned"]));
      await expect(nodes[0]?.table.owned(client.id).set("name", "stolen")).rejects.toMatchObject({ code: "MISUSE" });
    },
  );

  test("tells who watches of each change", { timeout: longTest }, async () => {
    const nodes = (await ring(6)) as [Node, Node];
    const changes = nodes[1].table.watch("watched");
    const next = changes.next();
    await nodes[0].table.set("watched", "before");
    // The leases are there once the first change has come, or the second.
    const again = setInterval(() => void nodes[0].table.set("watched", "after").catch(() => undefined), 500);
    try {
      const { value } = await next;
      expect(["before", "after"]).toContain(text(value?.value));
    } finally {
      clearInterval(again);
    }
    await changes.return?.();
  });
});

describe("a member whose store is damaged", () => {
  test("begins anew and gets from its neighbours what they hold", { timeout: longTest }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "motet-api-table-"));
    try {
      const nodes = (await ring(3)) as [Node];
      const store = { folder: path.join(folder, "store"), ifDamaged: "empty" } as const;
      const options = { network, listen, limits, identity: createIdentity(), store, ring: "join" } as const;
      const bootstrap = [addressOf(nodes[0])];
      const member = await node({ ...options, bootstrap });
      await expect.poll(() => member.ring.state().successors.length, { timeout: 30_000 }).toBe(3);
      for (let i = 0; i < 20; i++) await nodes[0].table.set(`key ${i}`, `value ${i}`);
      expect(member.counts.table.records).toBeGreaterThan(0);
      await member.close();
      await writeFile(path.join(store.folder, "CURRENT"), "garbled");
      const again = await node({ ...options, bootstrap });
      expect(again.counts.table.records).toBe(0);
      await expect.poll(() => again.counts.table.records, { timeout: 30_000 }).toBeGreaterThan(0);
      for (let i = 0; i < 20; i++) expect(text(await again.table.get(`key ${i}`))).toBe(`value ${i}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("misuse", () => {
  test("is thrown at once", { timeout: longTest }, async () => {
    const only = await node({ network, limits });
    const { table } = only;
    await expect(table.set("", "x")).rejects.toMatchObject({ code: "MISUSE" });
    await expect(table.set("k".repeat(1025), "x")).rejects.toMatchObject({ code: "MISUSE" });
    await expect(table.set("k", new Uint8Array(2 ** 20))).rejects.toMatchObject({ code: "MISUSE" });
    await expect(table.set("k", "x", { ttlMs: 0 })).rejects.toMatchObject({ code: "MISUSE" });
    await expect(table.fetch(new Uint8Array(3))).rejects.toMatchObject({ code: "MISUSE" });
    await expect(table.set("k", "x")).rejects.toMatchObject({ code: "UNREACHABLE" });
    await expect(table.get("k")).rejects.toMatchObject({ code: "UNREACHABLE" });
    await expect(table.get("k", { signal: AbortSignal.abort(new Error("no more")) })).rejects.toThrow("no more");
    await only.close();
    await expect(table.get("k")).rejects.toMatchObject({ code: "CLOSED" });
  });
});
