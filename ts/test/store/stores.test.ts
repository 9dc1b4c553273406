// The stores of the table: memory, disk, and a disk that forgets what was not forced to it; full disks and damaged ones.

import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DiskStore, MemoryStore } from "../../src/runtime/store/index.js";
import { longTest } from "../harness/runs.js";
import { DroppingDisk } from "./dropping-level.js";
import { putOf } from "./records.js";
import { load, read, storeContract, write } from "./store-contract.js";

const label = new Uint8Array(64).fill(1);
const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), "motet-store-"));
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

storeContract("in memory", () => ({ open: () => Promise.resolve(new MemoryStore()) }));

storeContract("on disk", () => {
  let folder = "";
  let store: DiskStore | undefined;
  return {
    open: async () => (store = await DiskStore.open({ folder: (folder = await newFolder()), label })),
    reopen: async () => {
      await store?.close();
      return DiskStore.open({ folder, label });
    },
  };
});

storeContract("on a disk that forgets", () => {
  const disk = new DroppingDisk();
  return {
    open: async () => DiskStore.open({ folder: await newFolder(), label, level: disk.level }),
    reopen: async () => {
      disk.kill();
      return DiskStore.open({ folder: await newFolder(), label, level: disk.level });
    },
  };
});

describe("a disk that forgets, killed during 10,000 writes", () => {
  test.each([1, 2, 3, 4, 5])("has all that was acknowledged, seed %i", { timeout: longTest }, async (seed) => {
    const disk = new DroppingDisk();
    const folder = await newFolder();
    const store = await DiskStore.open({ folder, label, level: disk.level });
    const acknowledged = new Set<number>();
    for (let i = 0; i < 10_000; i++) {
      store.write(putOf(`key ${i}`, i), (failure) => failure === undefined && acknowledged.add(i));
      if (i % (40 + seed) === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      if (i === 1500 * seed) break;
    }
    disk.kill();
    const again = await DiskStore.open({ folder, label, level: disk.level });
    const kept = new Set((await load(again)).map(({ sequence }) => Number(sequence)));
    expect([...acknowledged].filter((i) => !kept.has(i))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(100);
    // What comes within one turn of the loop, or while the disk writes, goes to it together.
    expect(disk.batches).toBeLessThan(acknowledged.size / 10);
  });
});

describe("a full disk", () => {
  test("fails what is written then as STORE_FULL, keeps the rest, and goes on once there is room", async () => {
    const disk = new DroppingDisk();
    const store = await DiskStore.open({ folder: await newFolder(), label, level: disk.level });
    const [kept, lost, later] = [putOf("a", 1), putOf("b", 2), putOf("b", 3)];
    expect(await write(store, kept)).toBeUndefined();
    disk.isFull = true;
    expect(await write(store, lost)).toBe("STORE_FULL");
    expect(await read(store, "a", "b")).toEqual([kept.record.bytes, undefined]);
    disk.isFull = false;
    expect(await write(store, later)).toBeUndefined();
    expect(await read(store, "a", "b")).toEqual([kept.record.bytes, later.record.bytes]);
    await store.close();
  });
});

describe("a store on disk that cannot be used", () => {
  async function filled(): Promise<string> {
    const folder = await newFolder();
    const store = await DiskStore.open({ folder, label });
    await Promise.all(Array.from({ length: 50 }, (_, i) => write(store, putOf(`key ${i}`, i, 5000))));
    await store.close();
    return folder;
  }

  const damages: Readonly<Record<string, (folder: string, names: readonly string[]) => Promise<unknown>>> = {
    "whose CURRENT is garbled": (folder) => writeFile(path.join(folder, "CURRENT"), "no such file\n"),
    "whose MANIFEST is cut off": (folder, names) =>
      truncate(path.join(folder, names.find((name) => name.startsWith("MANIFEST")) ?? ""), 7),
    "whose MANIFEST is gone": (folder, names) =>
      rm(path.join(folder, names.find((name) => name.startsWith("MANIFEST")) ?? "")),
  };

  test.each(Object.keys(damages))(
    "%s: says so with the next step, and begins anew when it is told to",
    async (name) => {
      const folder = await filled();
      await damages[name]?.(folder, await readdir(folder));
      const refusal = await DiskStore.open({ folder, label }).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: "MISUSE", detail: { reason: "damaged" } });
      expect(String(refusal)).toMatch(/is damaged .*; begin an empty one/);
      const anew = await DiskStore.open({ folder, label, ifDamaged: "empty" });
      expect(await load(anew)).toEqual([]);
      await anew.close();
      const aside = (await readdir(path.dirname(folder))).filter((other) =>
        other.startsWith(`${path.basename(folder)}.damaged-`),
      );
      expect(aside).toHaveLength(1);
      folders.push(...aside.map((other) => path.join(path.dirname(folder), other)));
    },
  );

  test("is of another node", async () => {
    const folder = await filled();
    const other = new Uint8Array(64).fill(2);
    await expect(DiskStore.open({ folder, label: other })).rejects.toMatchObject({ detail: { reason: "another" } });
  });

  test("is in use", async () => {
    const folder = await newFolder();
    const store = await DiskStore.open({ folder, label });
    await expect(DiskStore.open({ folder, label })).rejects.toMatchObject({ detail: { reason: "locked" } });
    await store.close();
  });

  test("is no folder", async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, "file"), "x");
    const inFile = path.join(folder, "file", "store");
    await expect(DiskStore.open({ folder: inFile, label })).rejects.toMatchObject({ detail: { reason: "failed" } });
  });
});
