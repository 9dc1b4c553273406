// A peer that stops reading, over real sockets and TLS: what it costs the process, and that nobody else notices.

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { encodeUtf8 } from "../../src/bytes/index.js";
import { Command } from "../../src/gen/registry.js";
import { defaultDescriptor, encodeDescriptor, formatNodeId } from "../../src/identity/index.js";
import { RawPeer } from "../harness/raw-peer.js";
import { longTest } from "../harness/runs.js";
import { buildPackage, Worker } from "./worker.js";

const mebi = 1 << 20;
const messages = 300;
const messageBytes = 200_000;
const rounds = 4;

beforeAll(buildPackage, 120_000);

const workers: Worker[] = [];
const peers: RawPeer[] = [];
afterEach(() => {
  for (const peer of peers.splice(0)) peer.socket.destroy();
  for (const worker of workers.splice(0)) worker.kill();
});

const received = (peer: RawPeer): number => peer.frames.filter(({ command }) => command === Command.BROADCAST).length;

describe.each([
  ["tls", false],
  ["tcp", true],
])("a peer that stops reading over %s", (scheme, isPlain) => {
  test(
    "costs its queue and its session; the other peer gets everything",
    async () => {
      const worker = new Worker();
      workers.push(worker);
      const network = { name: "stuck", plain: isPlain };
      const listen = [`${scheme}://127.0.0.1:0`];
      const limits = { QUEUE_FULL_MS: 4000, PEERS_TARGET: 0, PUBLISHED_PER_SECOND: 0 };
      const { address } = await worker.start(1, { network, listen, limits });
      const policy = isPlain ? 0 : defaultDescriptor.policy;
      const descriptor = encodeDescriptor({ ...defaultDescriptor, policy, name: encodeUtf8("stuck") });
      const [reader, stuck] = (await Promise.all([1, 2].map(() => RawPeer.ready(address, descriptor)))) as [
        RawPeer,
        RawPeer,
      ];
      peers.push(reader, stuck);
      const broadcast = (from: number): void =>
        worker.command({ type: "broadcast", from, count: messages, bytes: messageBytes });

      // While both read: what the process takes at most without a stuck peer.
      const before = { rss: 0, arrayBuffers: 0 };
      for (let round = 0; round < rounds; round++) {
        broadcast(round * messages);
        const sent = (round + 1) * messages;
        await Promise.all([reader, stuck].map((peer) => peer.until(() => received(peer) === sent)));
        const { rss, arrayBuffers } = await worker.memory();
        before.rss = Math.max(before.rss, rss);
        before.arrayBuffers = Math.max(before.arrayBuffers, arrayBuffers);
      }
      stuck.socket.pause();
      broadcast(rounds * messages);
      await reader.until(() => received(reader) === (rounds + 1) * messages);
      const during = await worker.memory();
      const target = formatNodeId(stuck.identity.nodeId);
      worker.command({ type: "tell", target, count: 1, bytes: 10, wait: false });
      expect(await worker.tells("told-all")).toMatchObject({ count: 0, code: "QUEUE_FULL" });
      const down = await worker.tells("down");
      expect(down).toMatchObject({ code: "SLOW", peer: Buffer.from(stuck.identity.nodeId).toString("hex") });
      expect(during.rss - before.rss).toBeLessThanOrEqual(16 * mebi);
      // 60 MB were sent; what waited for the stuck peer is its queue, and what the socket holds.
      expect(during.arrayBuffers - before.arrayBuffers).toBeLessThan(8 * mebi);
      expect(worker.count("down")).toBe(1);
    },
    longTest,
  );
});
