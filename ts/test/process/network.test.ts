// Five processes over TLS: what is said and asked across them, also to nodes that are no peers, and after one was killed.

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { longTest } from "../harness/runs.js";
import { buildPackage, Worker, type Told } from "./worker.js";

const limits = { LOCATE_WAIT_MS: 300, PEERS_TARGET: 0 };
const options = { network: { name: "processes" }, listen: ["tls://127.0.0.1:0"], limits };
const workers: Worker[] = [];

beforeAll(buildPackage, 120_000);

afterEach(() => {
  for (const worker of workers.splice(0)) worker.kill();
});

interface Started {
  readonly worker: Worker;
  readonly address: string;
  readonly id: string;
  readonly idText: string;
}

async function start(seed: number): Promise<Started> {
  const worker = new Worker();
  workers.push(worker);
  return { worker, ...(await worker.start(seed, options)) };
}

/** Makes a peer of the other, and waits until both say so. */
async function connect(one: Started, other: Started): Promise<void> {
  one.worker.command({ type: "dial", address: other.address });
  await one.worker.tells("up", ({ peer }) => peer === other.id);
  await other.worker.tells("up", ({ peer }) => peer === one.id);
}

let questions = 0;
async function ask({ worker }: Started, target: Started, text: string, timeoutMs = 10_000): Promise<Told> {
  const number = ++questions;
  worker.command({ type: "ask", number, target: target.idText, text, timeoutMs });
  return worker.tells("answered", (told) => told["number"] === number);
}

describe("five processes in a row, over TLS", () => {
  test(
    "ask along the row and past it; who was killed is LOST to its peers, and UNREACHABLE to others",
    async () => {
      const all = (await Promise.all([1, 2, 3, 4, 5].map(start))) as [Started, Started, Started, Started, Started];
      const [a, b, c, d, e] = all;
      for (const [at, one] of all.slice(1).entries()) await connect(one, all[at] as Started);

      // A neighbour, two hops, and the whole length of the row: a search and a dial each, and back the same way.
      for (const [from, to] of [
        [a, b],
        [a, d],
        [e, a],
        [c, e],
      ] as const)
        expect(await ask(from, to, "hello")).toMatchObject({ text: "hello" });
      a.worker.command({ type: "tell", target: e.idText, count: 500, bytes: 2000 });
      expect(await a.worker.tells("told-all")).toMatchObject({ count: 500 });
      expect(await ask(a, e, "behind all that")).toMatchObject({ text: "behind all that" });

      // b and c know nothing of what a, d and e have found out, and d is gone without a word.
      const pending = ask(b, d, "anybody?", 60_000);
      expect(await pending).toMatchObject({ text: "anybody?" });
      d.worker.kill();
      expect(await d.worker.exited).toBe("SIGKILL");
      for (const one of [a, b, c, e]) {
        const { code } = await one.worker.tells("down", ({ peer }) => peer === d.id);
        expect(code).toBe("LOST");
      }
      expect(await ask(c, d, "still there?")).toMatchObject({ code: "UNREACHABLE" });
      expect(await ask(c, a, "and you?")).toMatchObject({ text: "and you?" });

      const rest = [a, b, c, e];
      for (const { worker } of rest) worker.command({ type: "close" });
      expect(await Promise.all(rest.map(({ worker }) => worker.exited))).toEqual([0, 0, 0, 0]);
    },
    longTest,
  );

  test(
    "a question to one that is killed while it waits ends as LOST at once",
    async () => {
      const [a, b] = [await start(1), await start(2)];
      await connect(a, b);
      await ask(a, b, "warm");
      // A process that is stopped answers nothing, and says nothing when it is killed.
      process.kill(b.worker.pid, "SIGSTOP");
      const waiting = ask(a, b, "anybody?", 60_000);
      a.worker.command({ type: "memory" });
      await a.worker.tells("memory");
      b.worker.kill();
      expect(await waiting).toMatchObject({ code: "LOST" });
    },
    longTest,
  );
});
