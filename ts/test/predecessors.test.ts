// Defects of earlier systems of this kind, one test each: what they did wrong when they were run, and what happens here.

import { describe, expect, test, vi } from "vitest";
import { decodeMessage, encodeContent, encodeMessage } from "../src/codec/index.js";
import { concatBytes } from "../src/bytes/index.js";
import { encodeFrame, Flag } from "../src/framing/index.js";
import { Command } from "../src/gen/registry.js";
import { defaultDescriptor, encodeDescriptor, formatAddress, parseAddress } from "../src/identity/index.js";
import type { Node } from "../src/index.js";
import { bytes, codeOf, text } from "./api/calls.js";
import { addressOf, next, node, pair } from "./api/nodes.js";
import { RawPeer } from "./harness/raw-peer.js";
import { longTest } from "./harness/runs.js";

vi.setConfig({ testTimeout: longTest });

const everyByte = Uint8Array.from({ length: 256 }, (_, value) => value);
const plain = { network: { name: "plain", plain: true }, listen: ["tcp://127.0.0.1:0"] };
const plainDescriptor = encodeDescriptor({ ...defaultDescriptor, policy: 0, name: bytes("plain") });
const memory = (count: number): Promise<Node[]> => Promise.all(Array.from({ length: count }, () => node()));

async function connect(from: Node, to: Node): Promise<void> {
  const up = Promise.all([next(from, "peer.up"), next(to, "peer.up")]);
  from.dial(addressOf(to));
  await up;
}

/** Everything sent before has had its effect at the other node. */
async function fence(from: Node, to: Node): Promise<void> {
  const served = to.serve("fence", ({ payload }) => payload);
  await from.ask(to.id, "fence", new Uint8Array(0));
  served[Symbol.dispose]();
}

/** A node and a peer of it made by hand. */
async function withRawPeer(): Promise<[Node, RawPeer]> {
  const made = await node(plain);
  const up = next(made, "peer.up");
  const raw = await RawPeer.ready(addressOf(made), plainDescriptor);
  raw.keepsPayloads = true;
  await up;
  return [made, raw];
}

const tellFrame = (payload: Uint8Array, channel = "c"): Uint8Array =>
  encodeFrame({ command: Command.TELL, flags: 0, tag: 0 }, encodeMessage("Tell", { channel, payload }));

describe("text and bytes are told apart (two languages could not talk, since one took bytes for text)", () => {
  test("every byte value arrives as it was in broadcasts, TELLs, questions and answers", async () => {
    const [a, b] = await pair();
    const heard = next(b, "message");
    await a.broadcast("größe ☃", everyByte);
    expect([(await heard).channel, (await heard).payload]).toEqual(["größe ☃", everyByte]);
    const told = next(b, "told");
    await a.tell(b.id, "größe ☃", everyByte);
    expect(await told).toMatchObject({ channel: "größe ☃", payload: everyByte });
    b.serve("größe ☃", ({ payload }) => payload);
    expect(await a.ask(b.id, "größe ☃", everyByte)).toEqual(everyByte);
  });

  test("a channel that is no text is refused where it is given, and as MALFORMED where it comes from outside", async () => {
    const [a, b] = await pair();
    expect(await codeOf(a.broadcast("\ud800", everyByte))).toBe("MISUSE");
    expect(await codeOf(a.tell(b.id, "\ud800", everyByte))).toBe("MISUSE");
    const [made, raw] = await withRawPeer();
    // Field 1, two bytes that are no UTF-8.
    raw.send(Command.TELL, 0, 0, Uint8Array.of(0x0a, 2, 0xc3, 0x28));
    expect(await raw.goodbye()).toBe("MALFORMED");
    expect(made.peers).toEqual([]);
  });
});

test("a request for peers leaves all links up (it tore them down)", async () => {
  const [a, b, c] = (await memory(3)) as [Node, Node, Node];
  await connect(a, b);
  await connect(b, c);
  await connect(a, c);
  const downs: string[] = [];
  for (const one of [a, b, c]) one.on("peer.down", ({ code }) => downs.push(code));
  await Promise.all([a.askPeers(b.id), b.askPeers(c.id), c.askPeers(a.id), a.askPeers(c.id)]);
  for (const [from, to] of [
    [a, b],
    [b, c],
    [c, a],
  ] as const)
    await fence(from, to);
  expect(downs).toEqual([]);
  expect([a, b, c].map(({ peers }) => peers.length)).toEqual([2, 2, 2]);
});

test("the same payload many times within a second arrives as often as it was sent, and never more often (ids were content and second)", async () => {
  const [a, b, c] = (await memory(3)) as [Node, Node, Node];
  await connect(a, b);
  await connect(b, c);
  await connect(a, c);
  const counts: [number, number] = [0, 0];
  b.on("message", () => void counts[0]++);
  c.on("message", () => void counts[1]++);
  const began = Math.floor(Date.now() / 1000);
  let sent = 0;
  // Until the second has changed, so that sends lie on both sides of it, and at least fifty times.
  while (sent < 50 || (Math.floor(Date.now() / 1000) === began && sent < 400)) {
    await a.broadcast("c", bytes("the same"));
    sent++;
    if (sent % 10 === 0) await fence(a, b);
  }
  const last = Promise.all([b, c].map((one) => next(one, "message", ({ channel }) => channel === "last")));
  await a.broadcast("last", bytes("the same"));
  await last;
  // Copies that b and c have sent each other are there as well.
  await Promise.all([fence(b, c), fence(c, b)]);
  expect(counts).toEqual([sent + 1, sent + 1]);
});

test("4 MiB are TOO_LARGE at once, wherever they are given (they never arrived and never failed)", async () => {
  const [a, b] = await pair();
  const large = new Uint8Array(4 << 20);
  b.serve("large", () => large);
  expect(await codeOf(a.broadcast("c", large))).toBe("TOO_LARGE");
  expect(await codeOf(a.tell(b.id, "c", large))).toBe("TOO_LARGE");
  expect(await codeOf(a.ask(b.id, "c", large))).toBe("TOO_LARGE");
  expect(await codeOf(a.ask(b.id, "large", bytes("")))).toBe("TOO_LARGE");
  expect(a.peers).toHaveLength(1);
});

test("the origin of a broadcast that is no peer can be told and asked (replies to indirect senders failed)", async () => {
  const nodes = (await memory(4)) as [Node, Node, Node, Node];
  for (const [at, one] of nodes.slice(1).entries()) await connect(one, nodes[at] as Node);
  const [a, , , d] = nodes;
  a.serve("who", () => bytes("a"));
  const heard = next(d, "message");
  await a.broadcast("c", bytes("hello"));
  const { origin, from, hops } = await heard;
  expect([origin, from, hops]).toEqual([a.id, nodes[2].id, 2]);
  const told = next(a, "told");
  await d.tell(origin, "c", bytes("hello yourself"));
  expect(await told).toMatchObject({ peer: d.id });
  expect(text(await d.ask(origin, "who", bytes("")))).toBe("a");
});

test("in the callback of peer.up everything can be used (the event came before the table was filled)", async () => {
  const [a, b] = await memory(2).then((nodes) => nodes as [Node, Node]);
  const used = [a, b].map(
    (one) =>
      new Promise<unknown[]>((resolve) => {
        one.serve("echo", ({ payload }) => payload);
        one.on("peer.up", ({ peer }) => {
          const calls = [
            one.tell(peer, "c", bytes("x")),
            one.ask(peer, "echo", bytes("y")),
            one.broadcast("c", bytes("z")),
          ];
          expect(one.peers).toEqual([peer]);
          resolve(Promise.all(calls));
        });
      }),
  );
  const heard = [a, b].flatMap((one) => [next(one, "told"), next(one, "message")]);
  a.dial(addressOf(b));
  for (const [, answer] of (await Promise.all(used)) as [unknown, Uint8Array][]) expect(text(answer)).toBe("y");
  await Promise.all(heard);
});

test("a broadcast in another node's name is refused, and its bringer with it (forged senders were accepted)", async () => {
  const [made, raw] = await withRawPeer();
  const victim = await node(plain);
  await connect(victim, made);
  const messages: unknown[] = [];
  made.on("message", (message) => messages.push(message));
  const said = { origin: victim.id, sequence: 9n, sentAt: BigInt(Date.now()) };
  const content = encodeContent({ ...said, channel: bytes("c"), payload: bytes("send me money") }, 1000);
  const body = concatBytes(Uint8Array.of(64), new Uint8Array(64).fill(1), content);
  raw.send(Command.BROADCAST, 0, 0, body);
  expect(await raw.goodbye()).toBe("BAD_SIGNATURE");
  expect(messages).toEqual([]);
  // The one whose name it was goes on.
  const heard = next(made, "message");
  await victim.broadcast("c", bytes("I did not"));
  expect(text((await heard).payload)).toBe("I did not");
});

test("peers that share a host, a port or a dialling machine are peers all the same (a second one was refused)", async () => {
  const hub = await node(plain);
  const others = await Promise.all(Array.from({ length: 12 }, () => node(plain)));
  for (const other of others) await connect(other, hub);
  for (const other of others.slice(1)) await connect(others[0] as Node, other);
  expect(hub.peers).toHaveLength(12);
  expect(others[0]?.peers).toHaveLength(12);
});

test("every address that a node shows can be read, written and dialled again (addresses did not parse back)", async () => {
  const listen = ["tcp://127.0.0.1:0", "tls://127.0.0.1:0", "ws://127.0.0.1:0/motet", "wss://127.0.0.1:0/motet"];
  const made = await node({ ...plain, listen: [...listen, "memory://any"] });
  expect(made.addresses).toHaveLength(5);
  for (const address of made.addresses) {
    expect(formatAddress(parseAddress(address))).toBe(address);
    const other = await node(plain);
    const up = next(other, "peer.up");
    other.dial(address);
    expect((await up).peer).toEqual(made.id);
  }
  for (const address of ["tls://[2001:db8::1]:4000", "wss://node.example:443/motet", "tcp://192.0.2.1:1"]) {
    expect(formatAddress(parseAddress(address))).toBe(address);
  }
});

test("a reader of events that does not read, and a handler that does not answer, block nobody (one full queue blocked every peer)", async () => {
  const [a, b, c] = (await memory(3)) as [Node, Node, Node];
  await connect(a, b);
  await connect(c, b);
  const unread = b.events();
  b.serve("stuck", () => new Promise(() => undefined));
  const stuck = [a, c].map((one) => codeOf(one.ask(b.id, "stuck", bytes(""), { timeoutMs: 60_000 })));
  let heard = 0;
  b.on("told", () => heard++);
  const payload = new Uint8Array(100_000);
  for (let sent = 0; sent < 400; sent++) await a.tell(b.id, "c", payload);
  await fence(a, b);
  await fence(c, b);
  expect(heard).toBe(400);
  // What the reader has missed of 40 MB is the oldest; what it holds is bounded, and it can read on.
  expect((await unread.next()).done).toBe(false);
  await b.close();
  expect(await Promise.all(stuck)).toEqual(["CLOSED", "CLOSED"]);
});

describe("frames are what their headers say, however the stream was cut", () => {
  test("many in one chunk all count (packets that came back to back were lost by clearing the buffer)", async () => {
    const [made, raw] = await withRawPeer();
    const heard: number[] = [];
    made.on("told", ({ payload }) => heard.push(payload[0] as number));
    made.serve("echo", ({ payload }) => payload);
    const ask = encodeMessage("Ask", { channel: "echo", payload: bytes("x"), timeoutMs: 1000 });
    raw.socket.write(
      concatBytes(
        ...Array.from({ length: 200 }, (_, at) => tellFrame(Uint8Array.of(at))),
        encodeFrame({ command: Command.ASK, flags: Flag.REQUEST, tag: 7 }, ask),
      ),
    );
    const { payload } = await raw.frame(({ command, tag }) => command === Command.ASK && tag === 7);
    expect(text(decodeMessage("AskAnswer", payload).payload)).toBe("x");
    expect(heard).toEqual(Array.from({ length: 200 }, (_, at) => at));
  });

  test("one in more than 255 pieces is one (fragments beyond 255 wrapped)", async () => {
    const [made, raw] = await withRawPeer();
    const told = next(made, "told");
    raw.socket.setNoDelay(true);
    const content = Uint8Array.from({ length: 700 }, (_, at) => at & 255);
    for (const byte of tellFrame(content)) {
      raw.socket.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    expect((await told).payload).toEqual(content);
  });

  test("crafted lengths end their own session with a code, and nothing else (a crafted fragment crashed the receiver)", async () => {
    const made = await node(plain);
    const crafted: readonly (readonly [Uint8Array, string])[] = [
      [Uint8Array.of(0xff, 0xff, 0xff, 0, 0, Command.TELL, 0, 0), "TOO_LARGE"],
      [Uint8Array.of(0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff), "PROTOCOL_ERROR"],
      [
        concatBytes(Uint8Array.of(0, 0, 5, 0, 0, Command.TELL, 0, 0), Uint8Array.of(0x12, 0xff, 0xff, 0xff, 0x7f)),
        "MALFORMED",
      ],
      [Uint8Array.of(0, 0, 0, 0, 0, Command.HELLO, 0, 0), "PROTOCOL_ERROR"],
      [Uint8Array.of(0, 0, 0, Flag.RESPONSE, 0, Command.ASK, 0xff, 0xff), "PROTOCOL_ERROR"],
    ];
    for (const [frame, code] of crafted) {
      const raw = await RawPeer.ready(addressOf(made), plainDescriptor);
      raw.socket.write(frame);
      expect(await raw.goodbye()).toBe(code);
    }
    await connect(await node(plain), made);
  });
});
