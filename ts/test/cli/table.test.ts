// The command line on the table: a member of this process with a store on disk, and verbs that read and write as clients.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdentity, createNode, type Node } from "../../src/index.js";
import { longTest } from "../harness/runs.js";
import { run } from "./motet.js";

const identity = createIdentity();
let folder = "";
let node: Node;
let to: readonly string[];

const start = (): Promise<Node> =>
  createNode({
    network: "cli-table",
    identity,
    limits: { PEERS_TARGET: 0 },
    listen: ["tls://127.0.0.1:0"],
    ring: "found",
    store: path.join(folder, "store"),
  });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "motet-cli-table-"));
  node = await start();
  to = ["--network", "cli-table", "--peer", node.addresses[0] ?? ""];
}, 60_000);

afterAll(async () => {
  await node.close();
  await rm(folder, { recursive: true, force: true });
});

describe("motet table", () => {
  test("writes, reads, lists and deletes", { timeout: longTest }, async () => {
    expect(await run("table", "get", "colour", ...to)).toMatchObject({ code: 1, stdout: "" });
    const written = await run("table", "set", "colour", "green", "--ttl", "60", ...to);
    expect(written).toMatchObject({ code: 0, stdout: "", stderr: "held by 5 of 5 groups, every member\n" });
    expect(await run("table", "get", "colour", ...to)).toMatchObject({ code: 0, stdout: "green\n", stderr: "" });
    const { stdout } = await run("table", "get", "colour", "--json", ...to);
    const shown = JSON.parse(stdout) as { readonly issuedAt: number; readonly expiresAt: number };
    expect(shown).toMatchObject({ kind: "shared", value: Buffer.from("green").toString("hex") });
    expect(shown.expiresAt - shown.issuedAt).toBe(60_000);
    const { stdout: hash } = await run("table", "put", "a leaflet", ...to);
    expect(await run("table", "fetch", hash.trim(), ...to)).toMatchObject({ code: 0, stdout: "a leaflet\n" });
    expect((await run("table", "keys", ...to)).stdout).toMatch(/^shared {5}colour$/m);
    expect(await run("table", "delete", "colour", ...to)).toMatchObject({ code: 0 });
    expect(await run("table", "get", "colour", ...to)).toMatchObject({ code: 1 });
  });

  test("says what is wrong with a command line", async () => {
    for (const args of [[], ["grow"], ["get"], ["set", "key"], ["fetch", "12"], ["set", "key", "value", "--ttl", "x"]])
      expect((await run("table", ...args, ...to)).code).toBe(2);
    const client = await run("node", "--store", folder, "--network", "cli-table");
    expect(client).toMatchObject({ code: 2, stderr: expect.stringMatching(/add --ring join/) as string });
    const place = ["--network", "cli-table", "--ring", "found", "--listen", "tls://127.0.0.1:0"];
    const anybody = await run("node", "--store", folder, ...place);
    expect(anybody).toMatchObject({ code: 2, stderr: expect.stringMatching(/add --identity FILE/) as string });
  });
});

test("what was written is there after the next start, and a damaged store is told", { timeout: longTest }, async () => {
  await node.table.set("kept", "on disk");
  await node.close();
  node = await start();
  expect(node.counts.table.records).toBeGreaterThan(0);
  expect(Buffer.from((await node.table.get("kept")) ?? []).toString()).toBe("on disk");
  const damaged = path.join(folder, "damaged");
  const place = ["--network", "cli-table", "--ring", "found", "--listen", "tls://127.0.0.1:0"];
  const command = ["node", ...place, "--store", damaged, "--identity", path.join(folder, "identity")];
  const other = await createNode({ network: "cli-table", identity, store: damaged });
  await other.close();
  await writeFile(path.join(damaged, "CURRENT"), "garbled\n");
  const refused = await run(...command);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/is damaged .*\(--store-anew/);
});
