// What every store of the table keeps to, whatever it keeps records in.

import { describe, expect, test } from "vitest";
import type { RecordInfo, StoreFailure, StoreWrite, TableStore } from "../../src/chord/index.js";
import type { NodeStore } from "../../src/runtime/store/index.js";
import { longTest } from "../harness/runs.js";
import { keyIdOf, putOf } from "./records.js";

export const write = (store: TableStore, what: StoreWrite): Promise<StoreFailure | undefined> =>
  new Promise((resolve) => store.write(what, resolve));

export const read = (store: TableStore, ...names: string[]): Promise<readonly (Uint8Array | undefined)[]> =>
  new Promise((resolve) => store.read(names.map(keyIdOf), resolve));

export const load = (store: TableStore): Promise<readonly RecordInfo[]> =>
  new Promise((resolve) => store.load(resolve));

const bySequence = (infos: readonly RecordInfo[]): RecordInfo[] =>
  infos.toSorted((a, b) => Number(a.sequence - b.sequence));

/** A store that may end and be opened again. */
export interface StoreHarness {
  /** A new, empty one. */
  open(): Promise<NodeStore>;
  /** The one before, after its process has come to a sudden end; undefined when nothing outlives that. */
  reopen?(): Promise<NodeStore>;
}

export function storeContract(name: string, harness: () => StoreHarness): void {
  describe(`the store ${name}`, () => {
    test("is empty at first, and answers nothing for what it does not have", async () => {
      const store = await harness().open();
      expect(await load(store)).toEqual([]);
      expect(await read(store, "a", "b")).toEqual([undefined, undefined]);
      await store.close();
    });

    test("keeps the newest record of each key, and its places", async () => {
      const store = await harness().open();
      await load(store);
      const [first, second, other] = [putOf("a", 1), putOf("a", 2), putOf("b", 3)];
      expect(await Promise.all([first, other, second].map((one) => write(store, one)))).toEqual(
        Array.from({ length: 3 }, () => undefined),
      );
      expect(await read(store, "b", "none", "a")).toEqual([other.record.bytes, undefined, second.record.bytes]);
      const moved = { ...second.info, places: [{ position: 1, place: 0, copies: 3 }] };
      await write(store, { type: "places", info: moved });
      expect(await read(store, "a")).toEqual([second.record.bytes]);
      await write(store, { type: "delete", keyId: keyIdOf("b") });
      expect(await read(store, "b")).toEqual([undefined]);
      await store.close();
    });

    test("shows what was handed over, durable or not", async () => {
      const store = await harness().open();
      const one = putOf("a", 1);
      const written = write(store, one);
      expect(await read(store, "a")).toEqual([one.record.bytes]);
      const gone = write(store, { type: "delete", keyId: keyIdOf("a") });
      expect(await read(store, "a")).toEqual([undefined]);
      await Promise.all([written, gone]);
      await store.close();
    });

    test("has after a sudden end all that it has acknowledged, as it was", { timeout: longTest }, async () => {
      const own = harness();
      if (own.reopen === undefined) return;
      const store = await own.open();
      const writes = Array.from({ length: 300 }, (_, i) => putOf(`key ${i % 100}`, i));
      const all = writes.map((one) => write(store, one));
      await Promise.all(all);
      await write(store, { type: "delete", keyId: keyIdOf("key 7") });
      // Nobody waits for these: they are whole or not there.
      for (let i = 0; i < 50; i++) store.write(putOf(`late ${i}`, 1000 + i), () => undefined);
      const again = await own.reopen();
      const infos = bySequence(await load(again)).filter(({ sequence }) => sequence < 1000n);
      const kept = writes.slice(200).filter(({ info }) => info.sequence !== 207n);
      expect(infos).toEqual(kept.map(({ info }) => info));
      expect(await read(again, "key 0", "key 7", "key 99")).toEqual([
        writes[200]?.record.bytes,
        undefined,
        writes[299]?.record.bytes,
      ]);
      await again.close();
    });
  });
}
