import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildPackage, Worker } from "./worker.js";

const options = { network: { name: "processes", plain: true }, limits: { PEERS_TARGET: 0 } };
const workers: Worker[] = [];

beforeAll(buildPackage, 120_000);

afterEach(() => {
  for (const worker of workers.splice(0)) worker.kill();
});

interface Started {
  readonly worker: Worker;
  readonly address: string;
  readonly id: string;
}

async function start(seed: number): Promise<Started> {
  const worker = new Worker();
  workers.push(worker);
  return { worker, ...(await worker.start(seed, options)) };
}

const sees = ({ worker }: Started, type: "up" | "down", id: string): number =>
  worker.told.filter((one) => one.type === type && one["peer"] === id).length;

const everyone = (peers: readonly Started[], told: string, isTrue: (peer: Started) => boolean): Promise<void[]> =>
  Promise.all(peers.map((peer) => peer.worker.until(() => isTrue(peer), told)));

describe("five processes that all know each other", () => {
  test(
    "deliver each broadcast once though one of them is killed; it comes back and hears the rest",
    { timeout: 60_000 },
    async () => {
      const all = await Promise.all([1, 2, 3, 4, 5].map(start));
      const [source, killed] = [all[0] as Started, all[4] as Started];
      const stay = all.slice(0, 4);
      const listeners = all.slice(1, 4);
      all.forEach((peer, i) => {
        for (const { address } of all.slice(0, i)) peer.worker.command({ type: "dial", address });
      });
      await everyone(all, "four peers", ({ worker }) => worker.count("up") === 4);

      source.worker.command({ type: "broadcast", from: 0, count: 1500, bytes: 200 });
      await source.worker.tells("sent", ({ number }) => number === 500);
      killed.worker.kill();
      expect(await killed.worker.exited).toBe("SIGKILL");
      await everyone(stay, "the loss", (peer) => sees(peer, "down", killed.id) === 1);

      const again = await start(5);
      expect(again.id).toBe(killed.id);
      for (const { address } of stay) again.worker.command({ type: "dial", address });
      await everyone(stay, "the return", (peer) => sees(peer, "up", killed.id) === 2);
      await again.worker.until(() => again.worker.count("up") === 4, "four peers");
      await source.worker.tells("sent", ({ number }) => number === 1500);
      source.worker.command({ type: "broadcast", from: 1500, count: 500, bytes: 200 });

      const hearers = [...listeners, again];
      for (const { worker } of hearers) worker.command({ type: "await", last: 1999 });
      await everyone(hearers, "all broadcasts", ({ worker }) => worker.count("delivered") === 1);

      for (const { worker } of [...stay, again]) worker.command({ type: "close" });
      const exits = await Promise.all([...stay, again].map(({ worker }) => worker.exited));
      expect(exits).toEqual([0, 0, 0, 0, 0]);
      for (const { worker } of listeners) {
        expect(await worker.tells("closed")).toMatchObject({ total: 2000, distinct: 2000, first: 0, last: 1999 });
      }
      // It may have come back while the first part was still being sent.
      const rest = await again.worker.tells("closed");
      expect(rest).toMatchObject({ last: 1999, repeated: 0, distinct: 2000 - Number(rest["first"]) });
      expect(rest["first"]).toBeGreaterThanOrEqual(500);
      for (const peer of stay) {
        expect(sees(peer, "up", killed.id)).toBe(2);
        const losses = peer.worker.told.filter((one) => one.type === "down" && one["code"] === "LOST");
        expect(losses.map((one) => one["peer"])).toEqual([killed.id]);
      }
    },
  );
});

describe("a process whose node is closed", () => {
  test("ends by itself, whatever the node was about to do", { timeout: 30_000 }, async () => {
    const peer = await start(1);
    const busy = new Worker();
    workers.push(busy);
    const bootstrap = ["tcp://127.0.0.1:1", peer.address];
    const { id } = await busy.start(2, { ...options, bootstrap });
    await Promise.all([busy.tells("up"), busy.tells("refused"), peer.worker.tells("up")]);
    busy.command({ type: "broadcast", from: 0, count: 300, bytes: 10_000 });
    await busy.tells("sent");
    busy.command({ type: "close" });
    expect(await busy.exited).toBe(0);
    expect(busy.told.find(({ type }) => type === "unsent")?.["code"] ?? "CLOSED").toBe("CLOSED");
    await peer.worker.tells("down", (told) => told["peer"] === id && told["code"] === "CLOSED");
    peer.worker.command({ type: "close" });
    expect(await peer.worker.exited).toBe(0);
  });
});
