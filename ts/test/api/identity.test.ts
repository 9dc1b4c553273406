import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createIdentity,
  formatNodeId,
  identityFromSeed,
  loadIdentity,
  parseNodeId,
  ProtocolError,
} from "../../src/index.js";

let folder = "";
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "motet-identity-"))));
afterAll(() => rm(folder, { recursive: true }));

describe("loadIdentity", () => {
  test("makes a file that its owner alone can read, and reads the same identity from it", async () => {
    const file = path.join(folder, "new");
    const made = await loadIdentity(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const read = await loadIdentity(file);
    expect(read.text).toBe(made.text);
    expect(read.privateKey.equals(made.privateKey)).toBe(true);
    expect(parseNodeId(made.text)).toEqual(made.nodeId);
  });

  test("two that ask at once for one new file get the same, or one is refused", async () => {
    const file = path.join(folder, "contested");
    const results = await Promise.allSettled([loadIdentity(file), loadIdentity(file)]);
    const texts = results.flatMap((result) => (result.status === "fulfilled" ? result.value.text : []));
    expect(new Set(texts)).toEqual(new Set([(await loadIdentity(file)).text]));
  });

  test.each([
    ["nothing", ""],
    ["something else", "hello\n"],
    ["a cut seed", `motet-identity-1 ${"a".repeat(63)}\n`],
    ["upper-case digits", `motet-identity-1 ${"A".repeat(64)}\n`],
    ["two lines", `motet-identity-1 ${"a".repeat(64)}\n\n`],
    ["a version to come", `motet-identity-2 ${"a".repeat(64)}\n`],
  ])("of a file with %s is MISUSE, names it, and leaves it as it is", async (name, content) => {
    const file = path.join(folder, name.replaceAll(" ", "-"));
    await writeFile(file, content);
    const loading = loadIdentity(file);
    await expect(loading).rejects.toBeInstanceOf(ProtocolError);
    await expect(loading).rejects.toMatchObject({ code: "MISUSE", origin: "local" });
    await expect(loading).rejects.toThrow(file);
    expect(await readFile(file, "latin1")).toBe(content);
  });

  test("of a folder, or below no folder, is MISUSE with the reason", async () => {
    await expect(loadIdentity(folder)).rejects.toMatchObject({ code: "MISUSE" });
    await expect(loadIdentity(path.join(folder, "no", "such"))).rejects.toMatchObject({ code: "MISUSE" });
  });
});

describe("identities", () => {
  test("of one seed are the same, of none each another", () => {
    const seed = new Uint8Array(32).fill(7);
    expect(identityFromSeed(seed).text).toBe(identityFromSeed(seed).text);
    expect(createIdentity().text).not.toBe(createIdentity().text);
    expect(formatNodeId(identityFromSeed(seed).nodeId)).toMatch(/^motet1[02-9ac-hj-np-z]{58}$/);
  });

  test.each([0, 31, 33, 64])("a seed of %i bytes is MISUSE", (length) => {
    expect(() => identityFromSeed(new Uint8Array(length))).toThrow(expect.objectContaining({ code: "MISUSE" }));
  });
});
