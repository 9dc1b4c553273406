import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8 } from "../../src/bytes/index.js";
import { encodePreface, spokenVersions } from "../../src/framing/index.js";
import { Command, Limit } from "../../src/gen/registry.js";
import { defaultDescriptor, encodeDescriptor } from "../../src/identity/index.js";
import { randomBytes, seeded } from "../harness/random.js";
import { RawPeer } from "../harness/raw-peer.js";
import { buildPackage, Worker, type Memory } from "./worker.js";

const descriptor = encodeDescriptor({ ...defaultDescriptor, policy: 0, name: encodeUtf8("memory") });
const mebi = 1 << 20;
/** What buffers of sockets and collectors of garbage may come to; every attack below is many times as much. */
const allowedGrowth = 120 * mebi;

/** A header that announces the longest payload there is, of a command nobody knows. */
const longest = Uint8Array.of(0xff, 0xff, 0xff, 0, 0x80, 0, 0, 0);

beforeAll(buildPackage, 120_000);

describe("the memory of a process stays bounded", () => {
  let worker: Worker;
  let address: string;
  const peers: RawPeer[] = [];

  beforeEach(async () => {
    worker = new Worker();
    ({ address } = await worker.start(1, {
      network: { name: "memory", plain: true },
      limits: { RECEIVE_BYTES: Limit.RECEIVE_MAX_BYTES, PEERS_TARGET: 0 },
    }));
  });

  afterEach(() => {
    for (const peer of peers.splice(0)) peer.socket.destroy();
    worker.kill();
  });

  async function ready(count: number): Promise<RawPeer[]> {
    const made = await Promise.all(Array.from({ length: count }, () => RawPeer.ready(address, descriptor)));
    peers.push(...made);
    return made;
  }

  async function growthSince(before: Memory): Promise<number> {
    const now = await worker.memory();
    return Math.max(now.rss - before.rss, now.arrayBuffers - before.arrayBuffers);
  }

  /** Resolves once the process has read what was sent before and answered. */
  async function isServed(): Promise<void> {
    const [fresh] = await ready(1);
    expect(fresh?.isClosed).toBe(false);
  }

  test("when peers announce 16 MiB each and send almost nothing of it", { timeout: 60_000 }, async () => {
    const many = await ready(60);
    const before = await worker.memory();
    for (const { socket } of many) socket.write(concatBytes(longest, new Uint8Array(1000)));
    await isServed();
    expect(await growthSince(before)).toBeLessThan(allowedGrowth);
    expect(many.filter(({ isClosed }) => isClosed)).toEqual([]);
  });

  test(
    "when strangers announce as much before the handshake, they are refused at once",
    { timeout: 60_000 },
    async () => {
      const before = await worker.memory();
      const many = await Promise.all(Array.from({ length: 60 }, () => RawPeer.connect(address, descriptor)));
      peers.push(...many);
      for (const { socket } of many) socket.write(concatBytes(encodePreface(spokenVersions), longest));
      await Promise.all(
        many.map((peer) => peer.until(() => peer.frames.some(({ command }) => command === Command.GOODBYE))),
      );
      expect(await growthSince(before)).toBeLessThan(allowedGrowth);
    },
  );

  test("when peers send garbage without an end", { timeout: 60_000 }, async () => {
    const many = await ready(10);
    const before = await worker.memory();
    const garbage = concatBytes(Uint8Array.of(0, 0, 0, 0xff), randomBytes(seeded(1), 300_000));
    for (const { socket } of many) for (let i = 0; i < 150; i++) socket.write(garbage);
    await Promise.all(many.map((peer) => peer.until(() => peer.isClosed)));
    await isServed();
    expect(await growthSince(before)).toBeLessThan(allowedGrowth);
  });

  test("when peers never read what is broadcast to them", { timeout: 60_000 }, async () => {
    const [reader, ...deaf] = await ready(9);
    for (const { socket } of deaf) socket.pause();
    const before = await worker.memory();
    worker.command({ type: "broadcast", from: 0, count: 1000, bytes: 200_000 });
    await worker.tells("sent", ({ number }) => number === 1000);
    const received = (): number => reader?.frames.filter(({ command }) => command === Command.BROADCAST).length ?? 0;
    await reader?.until(() => received() === 1000);
    expect(await growthSince(before)).toBeLessThan(allowedGrowth);
  });

  test("when peers ask without an end and never read the answers", { timeout: 60_000 }, async () => {
    const deaf = await ready(4);
    const before = await worker.memory();
    const pings = new Uint8Array(8 * 60_000);
    for (let i = 0; i < 60_000; i++) pings.set([0, 0, 0, 0x20, 0, Command.PING, (i >> 8) + 1, i & 255], 8 * i);
    for (const { socket } of deaf) {
      socket.pause();
      for (let i = 0; i < 80; i++) socket.write(pings);
    }
    await isServed();
    expect(await growthSince(before)).toBeLessThan(allowedGrowth);
    expect(deaf.some(({ socket }) => socket.writableLength > 8 * mebi)).toBe(true);
  });
});
