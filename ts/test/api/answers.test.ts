// Peers that answer badly: with records that are none, with something else than was asked, twice, or not at all.

import { describe, expect, test, vi } from "vitest";
import { concatBytes, encodeUtf8 } from "../../src/bytes/index.js";
import { encodeMessage } from "../../src/codec/index.js";
import { Flag } from "../../src/framing/index.js";
import { Command } from "../../src/gen/registry.js";
import {
  defaultDescriptor,
  encodeDescriptor,
  encodeRecordBody,
  networkOf,
  prepareRecord,
} from "../../src/identity/index.js";
import { createIdentity, hasher, signNow, type Node, type NodeOptions } from "../../src/index.js";
import type { SeenFrame } from "../harness/pipe.js";
import { randomBytes, seeded } from "../harness/random.js";
import { RawPeer } from "../harness/raw-peer.js";
import { longTest } from "../harness/runs.js";
import { codeOf } from "./calls.js";
import { addressOf, next, node } from "./nodes.js";

vi.setConfig({ testTimeout: longTest });

const descriptor = encodeDescriptor({ ...defaultDescriptor, policy: 0, name: encodeUtf8("answers") });
const nothing = new Uint8Array(0);

/** A node, and a peer of it made by hand. */
async function start(limits: NonNullable<NodeOptions["limits"]> = {}): Promise<[Node, RawPeer]> {
  const made = await node({ network: { name: "answers", plain: true }, listen: ["tcp://127.0.0.1:0"], limits });
  const up = next(made, "peer.up");
  const raw = await RawPeer.ready(addressOf(made), descriptor);
  raw.keepsPayloads = true;
  await up;
  return [made, raw];
}

const isRequest = ({ command, flags }: SeenFrame, wanted: number): boolean =>
  command === wanted && (flags & Flag.REQUEST) !== 0;

/** A record of a new node, valid in the network. */
function newRecord(): { id: Uint8Array; record: Uint8Array } {
  const { nodeId, privateKey } = createIdentity();
  const now = BigInt(Date.now());
  const { unsigned, message } = prepareRecord(hasher, networkOf(hasher, descriptor), {
    nodeId,
    issued: now,
    expires: now + 60_000n,
    incarnation: now,
    body: encodeRecordBody([], []),
  });
  return { id: nodeId, record: concatBytes(unsigned, signNow(privateKey, message)) };
}

/** The same bytes with one of them changed. */
const damaged = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe("an answer to PEERS", () => {
  test("with 32 bad records gives none of them, and the peer stays; a good one among them is kept", async () => {
    const [made, raw] = await start();
    const random = seeded(3);
    const { id, record } = newRecord();
    const lists = [
      Array.from({ length: 32 }, () => randomBytes(random, 300)),
      Array.from({ length: 32 }, () => damaged(record, record.length - 1)),
      [...Array.from({ length: 31 }, (_, at) => damaged(record, 3 * at)), record],
    ];
    const results: (readonly Uint8Array[])[] = [];
    for (const records of lists) {
      const asked = made.askPeers(raw.identity.nodeId);
      const seen = results.length;
      await raw.until(() => raw.frames.filter((frame) => isRequest(frame, Command.PEERS)).length > seen);
      const { tag } = raw.frames.findLast((frame) => isRequest(frame, Command.PEERS)) as SeenFrame;
      raw.send(Command.PEERS, Flag.RESPONSE, tag, encodeMessage("PeersAnswer", { records }));
      results.push(await asked);
    }
    expect(results).toEqual([[], [], [id]]);
    expect(made.peers).toEqual([raw.identity.nodeId]);
  });
});

describe("an answer that is none", () => {
  const frames: readonly (readonly [string, string, (raw: RawPeer, tag: number) => void])[] = [
    ["under a tag that was not used", "PROTOCOL_ERROR", (raw) => raw.send(Command.ASK, Flag.RESPONSE, 999)],
    ["to another command", "PROTOCOL_ERROR", (raw, tag) => raw.send(Command.PEERS, Flag.RESPONSE, tag)],
    [
      "given twice",
      "PROTOCOL_ERROR",
      (raw, tag) => {
        raw.send(Command.ASK, Flag.RESPONSE, tag);
        raw.send(Command.ASK, Flag.RESPONSE, tag);
      },
    ],
    [
      "that is no message",
      "MALFORMED",
      (raw, tag) => raw.send(Command.ASK, Flag.RESPONSE, tag, new Uint8Array(9).fill(0xff)),
    ],
    [
      "that says it failed, but not how",
      "MALFORMED",
      (raw, tag) => raw.send(Command.ASK, Flag.RESPONSE | Flag.FAILED, tag, new Uint8Array(9).fill(0xff)),
    ],
    ["that is too long", "TOO_LARGE", (raw, tag) => raw.send(Command.ASK, Flag.RESPONSE, tag, new Uint8Array(2 << 20))],
  ];
  test.each(frames)("%s ends the session with %s; what was asked ends too", async (what, code, answer) => {
    const [made, raw] = await start();
    const down = next(made, "peer.down");
    const outcome = codeOf(made.ask(raw.identity.nodeId, "c", nothing));
    const { tag } = await raw.frame((frame) => isRequest(frame, Command.ASK));
    answer(raw, tag);
    expect(await raw.goodbye()).toBe(code);
    expect((await down).code).toBe(code);
    expect(await outcome).toBe(what === "given twice" ? "done" : code);
  });

  test("a peer that answers nothing is SLOW once so many were given up; nothing was answered twice until then", async () => {
    const [made, raw] = await start({ REQUESTS: 4, UNANSWERED: 12 });
    const down = next(made, "peer.down");
    const codes: string[] = [];
    while (made.peers.length > 0) {
      const asked = [1, 2, 3, 4].map(() => codeOf(made.ask(raw.identity.nodeId, "c", nothing, { timeoutMs: 15 })));
      codes.push(...(await Promise.all(asked)));
    }
    expect((await down).code).toBe("SLOW");
    expect(codes.length).toBe(12);
    // The session's own end may come before the last ones are given up.
    for (const code of codes) expect(code).toMatch(/^(?:TIMEOUT|SLOW)$/);
    const tags = raw.frames.filter((frame) => isRequest(frame, Command.ASK)).map(({ tag }) => tag);
    expect(new Set(tags).size).toBe(tags.length);
  });

  test("nor do tags run out when all that is asked is given up at once: SLOW ends it at UNANSWERED", async () => {
    const [made, raw] = await start({ REQUESTS: 4, UNANSWERED: 12 });
    const down = next(made, "peer.down");
    const asked: Promise<unknown>[] = [];
    for (let at = 0; at < 100; at++) {
      const controller = new AbortController();
      const asking = made.ask(raw.identity.nodeId, "c", nothing, { signal: controller.signal, wait: false });
      asked.push(asking.catch((error: unknown) => error));
      controller.abort();
    }
    expect((await down).code).toBe("SLOW");
    await Promise.all(asked);
    const tags = raw.frames.filter((frame) => isRequest(frame, Command.ASK)).map(({ tag }) => tag);
    expect(new Set(tags).size).toBe(tags.length);
    expect(tags.length).toBeLessThanOrEqual(12 + 4);
  });
});
