import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatNodeId, type Node } from "../../src/index.js";
import { addressOf, next, node } from "./nodes.js";

const limits = { PEERS_TARGET: 8 };
const upOf = (from: Node, peer: Node): Promise<unknown> =>
  next(from, "peer.up", (event) => formatNodeId(event.peer) === peer.idText);

describe("anchors in a file", () => {
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "motet-anchors-"));
    file = path.join(folder, "anchors");
  });

  afterAll(() => rm(folder, { recursive: true }));

  test("lead a node back into its network with no other address", async () => {
    const others = [await node(), await node(), await node()] as const;
    const first = await node({ limits, anchors: file });
    for (const other of others) {
      const up = upOf(first, other);
      first.dial(addressOf(other));
      await up;
    }
    await first.close();
    const kept = others.slice(0, 2).map((other) => addressOf(other).replace("://", `://${other.idText}@`));
    expect(await readFile(file, "utf8")).toBe(["motet-anchors-1", ...kept, ""].join("\n"));
    const again = await node({ limits, anchors: file });
    await Promise.all(others.slice(0, 2).map((other) => upOf(again, other)));
  });

  test("are left alone by a node that looks for no peers", async () => {
    const before = await readFile(file, "utf8");
    const quiet = await node({ anchors: file });
    const other = await node();
    const up = upOf(quiet, other);
    quiet.dial(addressOf(other));
    await up;
    expect(quiet.peers).toHaveLength(1);
    await quiet.close();
    expect(await readFile(file, "utf8")).toBe(before);
  });

  test.each(["", "something else", "motet-anchors-1\nmemory://a", "motet-anchors-1\nnonsense"])(
    "%j is no such file",
    async (text) => {
      const bad = path.join(folder, "bad");
      await writeFile(bad, text);
      await expect(node({ anchors: bad })).rejects.toMatchObject({ code: "MISUSE" });
      expect(await readFile(bad, "utf8")).toBe(text);
    },
  );

  test("a file that cannot be written is told at once", async () => {
    await expect(node({ anchors: path.join(folder, "none", "anchors") })).rejects.toMatchObject({ code: "MISUSE" });
  });
});
