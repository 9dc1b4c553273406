// Members of a ring leave with notice, one after the other, while all others read on and on: every read finds what is there, at
// every moment.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { seeded } from "../harness/random.js";
import { longTest } from "../harness/runs.js";
import { RingPlaces, sleepUntil, type Place } from "./ring-places.js";
import type { Item, WriteResult } from "./table.js";
import { buildPackage } from "./worker.js";

beforeAll(buildPackage, 120_000);

let stores = "";
let places: RingPlaces | undefined;
beforeEach(() => void (stores = mkdtempSync(path.join(tmpdir(), "motet-leave-"))));
afterEach(() => {
  places?.kill();
  rmSync(stores, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

const seed = Number(process.env["MOTET_SEED"] ?? Date.now() % 2 ** 32);
const stabilizeMs = 300;
const keys = 40;
const width = 2;

test(
  "of five one leaves, then another, and no read of the others ever fails",
  async () => {
    places = new RingPlaces({ network: "leave", processes: 5, stabilizeMs, stores }, seeded(seed));
    await places.startAll();
    const [founder, first, second, ...others] = places.alive as [Place, Place, Place, ...Place[]];
    const items = await writeItems(places, [founder, first, second, ...others]);
    expect(items.length).toBe(keys);
    await leaveUnderReads(places, first, items);
    await leaveUnderReads(places, second, items);
  },
  longTest,
);

async function writeItems(from: RingPlaces, writers: readonly Place[]): Promise<Item[]> {
  const wishes = Array.from({ length: keys }, (_, i): Item => ({ kind: "shared", name: `${i}`, value: `value ${i}` }));
  const written = await Promise.all(
    writers.map(async (writer, at) => {
      const items = wishes.filter((_, i) => i % writers.length === at);
      const { results } = await from.ask(writer, "write", "wrote", { items, width });
      const done = (results as readonly WriteResult[]).filter(({ isDone }) => isDone);
      return items.filter((item) => done.some(({ name }) => name === item.name));
    }),
  );
  return written.flat();
}

/** Reads begin before the leave, and end some rounds after it, with every key read in between at least once. */
async function leaveUnderReads(from: RingPlaces, leaver: Place, items: readonly Item[]): Promise<void> {
  const readers = from.alive.filter((place) => place !== leaver);
  const told = readers.map((place) => from.ask(place, "keep-reading", "kept", { items, width }));
  await sleepUntil(Date.now() + stabilizeMs);
  await from.leave(leaver);
  await sleepUntil(Date.now() + 4 * stabilizeMs);
  for (const { worker } of readers) worker.command({ type: "stop-reading" });
  for (const { count, bad } of await Promise.all(told)) {
    expect(bad, `seed ${seed}`).toEqual([]);
    expect(Number(count)).toBeGreaterThanOrEqual(items.length);
  }
}
