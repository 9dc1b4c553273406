// A node in a process of its own under bad input from many sockets: it refuses with the right code, in bounded time and
// memory, and goes on serving those who do nothing wrong.

import { createConnection, type Socket } from "node:net";
import { deflateRawSync } from "node:zlib";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { concatBytes, encodeUtf8, writeU32 } from "../../src/bytes/index.js";
import { decodeMessage, encodeMessage } from "../../src/codec/index.js";
import { encodeFrame, Flag } from "../../src/framing/index.js";
import { Command, Compression, Limit } from "../../src/gen/registry.js";
import { defaultDescriptor, encodeDescriptor, parseAddress } from "../../src/identity/index.js";
import { createIdentity } from "../../src/runtime/index.js";
import { randomBytes, seeded } from "../harness/random.js";
import { RawPeer } from "../harness/raw-peer.js";
import { longTest } from "../harness/runs.js";
import { buildPackage, Worker } from "./worker.js";

vi.setConfig({ testTimeout: longTest });
beforeAll(buildPackage, 120_000);

const mebi = 1 << 20;
const crowd = 1000;
const nothing = new Uint8Array(0);

describe.each(["tcp", "tls"])("hostile input over %s", (scheme) => {
  const policy = scheme === "tcp" ? 0 : defaultDescriptor.policy;
  const descriptor = encodeDescriptor({ ...defaultDescriptor, policy, name: encodeUtf8("hostile") });
  let worker: Worker;
  let address: string;
  const sockets: Socket[] = [];

  async function start(limits: Readonly<Record<string, number>>): Promise<void> {
    worker = new Worker();
    const network = { name: "hostile", plain: scheme === "tcp" };
    ({ address } = await worker.start(1, {
      network,
      listen: [`${scheme}://127.0.0.1:0`],
      limits: { PEERS_TARGET: 0, ...limits },
    }));
  }

  /** The same, with limits that a test is quick with. */
  async function restart(limits: Readonly<Record<string, number>>): Promise<void> {
    worker.kill();
    await start(limits);
  }

  beforeEach(() => start({ PEERS_INTERVAL_MS: 0 }));

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    worker.kill();
  });

  async function ready(): Promise<RawPeer> {
    const peer = await RawPeer.ready(address, descriptor);
    peer.keepsPayloads = true;
    sockets.push(peer.socket);
    return peer;
  }

  /** An honest peer comes, asks and is answered. */
  async function isServed(): Promise<void> {
    const honest = await ready();
    const question = encodeMessage("Ask", { channel: "echo", payload: encodeUtf8("x"), timeoutMs: 10_000 });
    honest.send(Command.ASK, Flag.REQUEST, 77, question);
    const answer = await honest.frame(({ command, tag }) => command === Command.ASK && tag === 77);
    expect(decodeMessage("AskAnswer", answer.payload).payload).toEqual(encodeUtf8("x"));
    honest.socket.destroy();
  }

  /** Connections below TLS, which say what they are given. */
  async function rawSockets(count: number, say: (at: number) => Uint8Array): Promise<void> {
    const { host, port } = parseAddress(address);
    await Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const socket = createConnection({ host, port });
        sockets.push(socket);
        socket.on("error", () => undefined);
        socket.resume();
        await new Promise((resolve) => {
          socket.once("connect", resolve);
          socket.once("close", resolve);
        });
        socket.write(say(at));
      }),
    );
  }

  test(`${crowd} connections that say nothing, or little by little, keep no honest one out`, async () => {
    await isServed();
    const before = await worker.memory();
    // Nothing at all, the beginning of a preface or of a TLS record, and noise.
    const random = seeded(7);
    const beginnings = [nothing, encodeUtf8("MOT"), Uint8Array.of(0x16, 3, 1, 0xff), randomBytes(random, 40)];
    await rawSockets(crowd, (at) => beginnings[at % beginnings.length] as Uint8Array);
    for (let round = 0; round < 3; round++) await isServed();
    const after = await worker.memory();
    expect(after.rss - before.rss).toBeLessThan(100 * mebi);
  });

  test("handshakes that stop after HELLO make room for others, which are told FULL", async () => {
    await restart({ HANDSHAKES: 16, HANDSHAKE_MS: longTest });
    const half: RawPeer[] = [];
    for (let at = 0; at < 24; at++) {
      const peer = await RawPeer.connect(address, descriptor);
      sockets.push(peer.socket);
      half.push(peer);
      peer.socket.write(peer.opening());
      await peer.until(() => peer.frames.length >= 2);
    }
    for (const oldest of half.slice(0, 8)) expect(await oldest.goodbye()).toBe("FULL");
    await isServed();
    expect(await half[8]?.goodbye()).toBe("FULL");
    expect(half.slice(10).map(({ isClosed }) => isClosed)).not.toContain(true);
  });

  test("HELLOs that claim to be a live peer, without its key, change nothing for it", async () => {
    const live = await ready();
    const impostors = await Promise.all(Array.from({ length: 10 }, () => RawPeer.connect(address, descriptor)));
    for (const impostor of impostors) {
      sockets.push(impostor.socket);
      // The record is the peer's own, as everybody can know it.
      impostor.socket.write(live.opening());
      await impostor.until(() => impostor.frames.length >= 2);
      const proof = encodeMessage("Proof", {
        bindingKind: scheme === "tcp" ? 0 : 4,
        signature: new Uint8Array(64).fill(1),
      });
      impostor.send(Command.PROOF, 0, 0, proof);
      expect(await impostor.goodbye()).toBe("BAD_PROOF");
    }
    const question = encodeMessage("Ask", { channel: "echo", payload: encodeUtf8("me"), timeoutMs: 10_000 });
    live.send(Command.ASK, Flag.REQUEST, 5, question);
    await live.frame(({ command, tag }) => command === Command.ASK && tag === 5);
    expect(worker.count("down")).toBe(0);
    expect(worker.count("up")).toBe(1);
  });

  test("16 MiB announced, or inflated from 1 KiB, cost no memory: TOO_LARGE, and the next connection is served", async () => {
    const announced = Uint8Array.of(0xff, 0xff, 0xff, 0, 0, Command.TELL, 0, 0);
    const bomb = new Uint8Array(4 + 1024);
    bomb.set(deflateRawSync(new Uint8Array(mebi), { level: 9 }).subarray(0, 1024), 4);
    writeU32(bomb, 0, 16 * mebi - 1);
    const bombFrame = encodeFrame({ command: Command.TELL, flags: Compression.DEFLATE, tag: 0 }, bomb);
    // Sizes that the limit allows, and data that is longer than that.
    const lie = concatBytes(Uint8Array.of(0, 0, 8, 0), deflateRawSync(new Uint8Array(16 * mebi), { level: 9 }));
    const lieFrame = encodeFrame({ command: Command.TELL, flags: Compression.DEFLATE, tag: 0 }, lie);
    const attacks: readonly (readonly [Uint8Array, string])[] = [
      [announced, "TOO_LARGE"],
      [bombFrame, "TOO_LARGE"],
      [lieFrame, "UNDECODABLE"],
    ];
    for (const [bytes, code] of attacks) {
      const attack = async (): Promise<void> => {
        const peer = await ready();
        peer.socket.write(bytes);
        expect(await peer.goodbye()).toBe(code);
        peer.socket.destroy();
      };
      await attack();
      const before = await worker.memory();
      await attack();
      const after = await worker.memory();
      expect(after.arrayBuffers - before.arrayBuffers, code).toBeLessThanOrEqual(mebi);
      // What is resident moves by itself; 16 MiB would show.
      expect(after.rss - before.rss, code).toBeLessThanOrEqual(8 * mebi);
    }
    await isServed();
  });

  // Does not depend on the carrier.
  test.skipIf(scheme === "tls")(
    "a flood of questions that the application never answers is BUSY beyond REQUESTS; tags that are taken end it",
    async () => {
      const flooder = await ready();
      worker.command({ type: "hang", channel: "hang" });
      await worker.tells("hanging");
      const question = encodeMessage("Ask", { channel: "hang", payload: nothing, timeoutMs: 60_000 });
      for (let tag = 1; tag <= Limit.REQUESTS + 5; tag++) flooder.send(Command.ASK, Flag.REQUEST, tag, question);
      const answers = () => flooder.frames.filter(({ command }) => command === Command.ASK);
      await flooder.until(() => answers().length === 5);
      for (const { flags, tag, payload } of answers()) {
        expect(flags).toBe(Flag.RESPONSE | Flag.FAILED);
        expect(tag).toBeGreaterThan(Limit.REQUESTS);
        expect(decodeMessage("Error", payload).text).toMatch(/too many/);
      }
      await isServed();
      flooder.send(Command.ASK, Flag.REQUEST, 1, question);
      expect(await flooder.goodbye()).toBe("PROTOCOL_ERROR");
    },
  );

  // Does not depend on the carrier.
  test.skipIf(scheme === "tls")(
    "a storm of UPDATEs, each with a new record, is answered, and others are served meanwhile",
    async () => {
      const stormer = await ready();
      const now = BigInt(Date.now());
      const count = 1000;
      const storm = Array.from({ length: count }, (_, at) => {
        const record = stormer.record(now + BigInt(at));
        const update = encodeMessage("Update", { compressions: [1], receiveLimit: 2 * mebi, record });
        return encodeFrame({ command: Command.UPDATE, flags: Flag.REQUEST, tag: at + 1 }, update);
      });
      const before = await worker.memory();
      stormer.socket.write(concatBytes(...storm));
      await isServed();
      const answers = () => stormer.frames.filter(({ command }) => command === Command.UPDATE);
      await stormer.until(() => answers().length === count);
      for (const { flags } of answers()) expect(flags & Flag.RESPONSE).toBe(Flag.RESPONSE);
      expect((await worker.memory()).arrayBuffers - before.arrayBuffers).toBeLessThan(4 * mebi);
      expect(worker.told.filter(({ type, peer }) => type === "down" && peer === hexOf(stormer))).toEqual([]);
    },
  );

  // Does not depend on the carrier.
  test.skipIf(scheme === "tls")(
    "storms of LOCATE, FOUND and PEERS, and a forged UPDATE, leave the node serving",
    async () => {
      const stormer = await ready();
      const before = await worker.memory();
      const random = seeded(9);
      const frames: Uint8Array[] = [];
      for (let at = 0; at < 4000; at++) {
        const [query, wanted] = [randomBytes(random, 16), createOnce(at, random)];
        const locate = encodeMessage("Locate", { query, wanted });
        frames.push(encodeFrame({ command: Command.LOCATE, flags: 0, tag: 32 }, locate));
        const found = encodeMessage("Found", { query, record: randomBytes(random, 200) });
        frames.push(encodeFrame({ command: Command.FOUND, flags: 0, tag: 0 }, found));
      }
      stormer.socket.write(concatBytes(...frames));
      const peers = encodeMessage("Peers", { limit: 32 });
      for (let tag = 1; tag <= 1000; tag++) stormer.send(Command.PEERS, Flag.REQUEST, tag, peers);
      await stormer.frame(({ command, tag }) => command === Command.PEERS && tag === 1000);
      expect(stormer.isClosed).toBe(false);
      await isServed();
      const update = encodeMessage("Update", {
        compressions: [],
        receiveLimit: mebi,
        record: randomBytes(random, 300),
      });
      stormer.send(Command.UPDATE, Flag.REQUEST, 2000, update);
      expect(await stormer.goodbye()).toBe("BAD_RECORD");
      await isServed();
      const after = await worker.memory();
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4 * mebi);
    },
  );

  // Does not depend on the carrier.
  test.skipIf(scheme === "tcp")("one that asks and never reads is ended in bounded time and memory", async () => {
    await restart({ QUEUE_FULL_MS: 1500, KEEPALIVE_MS: 2000, KEEPALIVE_RETRY_MS: 300, FRAME_MS: 2000 });
    const deaf = await ready();
    const before = await worker.memory();
    deaf.socket.pause();
    const question = encodeMessage("Ask", { channel: "echo", payload: new Uint8Array(50_000), timeoutMs: 60_000 });
    for (let tag = 1; tag <= 1000; tag++) deaf.send(Command.ASK, Flag.REQUEST, tag, question);
    const { code } = await worker.tells("down");
    expect(code).toMatch(/SLOW|TIMEOUT/);
    const after = await worker.memory();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16 * mebi);
    await isServed();
  });
});

const hexOf = ({ identity }: RawPeer): string => Buffer.from(identity.nodeId).toString("hex");

const ids = Array.from({ length: 8 }, () => createIdentity().nodeId);
/** Ids of nodes that nobody is, some of them again and again. */
function createOnce(at: number, random: () => number): Uint8Array {
  const id = Uint8Array.from(ids[at % ids.length] as Uint8Array);
  if (at % 2 === 0) id[0] = Math.floor(256 * random());
  return id;
}
