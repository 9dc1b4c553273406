// The command line on the ring: nodes of this process over TLS, and verbs that ask them as clients.

import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createNode, type Node } from "../../src/index.js";
import { longTest } from "../harness/runs.js";
import { run } from "./motet.js";

const network = ["--network", "cli-ring"];
const limits = { PEERS_TARGET: 0, RING_STABILIZE_MS: 200, RING_STABILIZE_QUIET_MS: 400 };
const target = "00".repeat(32);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("a ring of three nodes", () => {
  const nodes: Node[] = [];
  let addresses: readonly string[];

  beforeAll(async () => {
    const options = { network: "cli-ring", limits, listen: ["tls://127.0.0.1:0"] };
    const first = await createNode({ ...options, ring: "found" });
    const bootstrap = first.addresses;
    const others = [1, 2].map(() => createNode({ ...options, ring: "join", bootstrap }));
    nodes.push(first, ...(await Promise.all(others)));
    addresses = nodes.map((node) => node.addresses[0] ?? "");
    const isWhole = (): boolean => nodes.every((node) => node.ring.state().successors.length === 2);
    await vi.waitUntil(isWhole, { timeout: 30_000, interval: 20 });
  }, 60_000);

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
  });

  test("lookup shows each hop and the owner", { timeout: longTest }, async () => {
    const [first] = nodes as [Node];
    const owner = nodes.toSorted((a, b) => (hex(a.ring.positionOf(a.id)) < hex(b.ring.positionOf(b.id)) ? -1 : 1))[0];
    const shown = await run("lookup", target, addresses[0] ?? "", ...network);
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    expect(shown.stdout).toMatch(/^1 {2}motet1\w+ {2}\d+ ms$/m);
    expect(shown.stdout).toMatch(new RegExp(`^owner ${owner?.idText} {2}\\(\\d hops?, \\d+ ms in all\\)$`, "m"));
    const json = await run("lookup", `node:${first.idText}`, ...addresses.slice(1), "--json", ...network);
    expect(JSON.parse(json.stdout)).toMatchObject({
      position: hex(first.ring.positionOf(first.id)),
      owner: first.idText,
    });
  });

  test("ring draws a node, its neighbours and the circle, as text, as a picture and for programs", async () => {
    const [first] = nodes as [Node];
    const address = addresses[0] ?? "";
    const { code, stdout } = await run("ring", address, ...network);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${first.idText} {2}FOUNDER, 2 successors`));
    for (const [node, role] of [
      [first, "the node itself"],
      [nodes[1], "successor [12] {2}MEMBER"],
      [nodes[2], "successor [12] {2}MEMBER"],
    ] as const)
      expect(stdout).toMatch(new RegExp(`${node?.idText} {2}${role}`));

    const file = path.join(await mkdtemp(path.join(tmpdir(), "motet-ring-")), "ring.svg");
    const drawn = await run("ring", address, "--svg", file, ...network);
    expect(drawn).toMatchObject({ code: 0, stdout: "", stderr: `drawn in ${file}\n` });
    const svg = await readFile(file, "utf8");
    expect(svg).toMatch(/^<svg xmlns=.*<\/svg>\n$/s);
    for (const { idText } of nodes) expect(svg).toContain(`<title>${idText}</title>`);

    const json = JSON.parse((await run("ring", address, "--json", ...network)).stdout) as Record<string, unknown>;
    expect(json).toMatchObject({ node: first.idText, phase: "FOUNDER", wraps: true, fingers: [] });
    expect(json["neighbours"]).toHaveLength(3);
  });
});

test("what cannot be done is told with what to do", { timeout: longTest }, async () => {
  const nowhere = "tls://127.0.0.1:1";
  const outcomes = [
    [["lookup", "ff", nowhere, ...network], 2, /is no position; write 64/],
    [["lookup", target, ...network], 2, /name a key and an address/],
    [["lookup", target, nowhere, ...network], 3, /^motet: UNREACHABLE: .*; check that/],
    [["ring", ...network], 2, /name exactly one address/],
    [["ring", nowhere, ...network, "--timeout", "x"], 2, /is no number of milliseconds/],
    [["node", "--ring", "round", ...network], 2, /--ring round is not understood/],
    [["node", "--ring", "join", "--listen", "tls://127.0.0.1:0", ...network], 2, /--ring join needs/],
    [["node", "--ring", "found", ...network], 2, /add --listen/],
  ] as const;
  for (const [args, code, stderr] of outcomes) {
    const outcome = await run(...args);
    expect(outcome.stderr).toMatch(stderr);
    expect(outcome.code).toBe(code);
  }
});
