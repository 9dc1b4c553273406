// The transports ws and wss: against clients and servers of their library as it is by itself, and against frames by hand.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createHash } from "node:crypto";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer, type ServerOptions } from "ws";
import { Limit } from "../../src/gen/registry.js";
import { has, nowhere } from "./nowhere.js";
import { upgradeOf } from "./upgrade-request.js";
import { transportOf, untilClosed, Workshop } from "./pairs.js";
import { transportContract } from "./transport-contract.js";
import { frameOf, opcodes, whole, type Frame } from "./web-socket-frame.js";

for (const scheme of ["ws", "wss"] as const) {
  const transport = transportOf(scheme);
  transportContract(`${scheme} over IPv4`, transport, {
    anywhere: `${scheme}://127.0.0.1:0/motet`,
    nowhere: () => nowhere(scheme, "127.0.0.1"),
    malformed: [
      `${scheme}://`,
      `${scheme}://127.0.0.1:1`,
      `${scheme}://127.0.0.1:1/`,
      `${scheme}://127.0.0.1:1/motet?`,
    ],
  });
  describe.skipIf(!(await has("::1")))("where the machine has IPv6", () => {
    const anywhere = `${scheme}://[::1]:0/motet`;
    transportContract(`${scheme} over IPv6`, transport, {
      anywhere,
      nowhere: () => nowhere(scheme, "::1"),
      malformed: [],
    });
  });
}

const ws = transportOf("ws");
const anywhere = "ws://127.0.0.1:0/motet";
const never = new AbortController().signal;

const shop = new Workshop();
const ended: (() => void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) end();
  await shop.close();
});

/** A client of the library, open. */
async function client(address: string, options = {}): Promise<WebSocket> {
  const socket = new WebSocket(address, "motet", { rejectUnauthorized: false, ...options });
  ended.push(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

/** A server of the library: its address, and its first connection. */
async function server(options: ServerOptions = {}): Promise<{ address: string; accepted: Promise<WebSocket> }> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, path: "/motet", ...options });
  await once(server, "listening");
  ended.push(() => server.close());
  const accepted = new Promise<WebSocket>((resolve) =>
    server.once("connection", (socket: WebSocket) => {
      ended.push(() => socket.terminate());
      resolve(socket);
    }),
  );
  return { address: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/motet`, accepted };
}

/** A responder's end and a client's end of one connection. */
async function withClient(scheme = "ws"): Promise<{ far: Awaited<ReturnType<typeof shop.dial>>; socket: WebSocket }> {
  const { address, accepted } = await shop.listen(transportOf(scheme), `${scheme}://127.0.0.1:0/motet`);
  const socket = await client(address);
  return { far: await accepted.at(0), socket };
}

/** Resolves when what a socket got ends with some bytes. */
function untilChunk(socket: Socket, ending: Buffer): Promise<void> {
  let got = Buffer.alloc(0);
  return new Promise((resolve) =>
    socket.on("data", (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.subarray(-ending.length).equals(ending)) resolve();
    }),
  );
}

const message = async (socket: WebSocket): Promise<Buffer> => ((await once(socket, "message")) as [Buffer])[0];

describe("with a client of the library", () => {
  test.each(["ws", "wss"])("messages of %s go both ways, without extension", async (scheme) => {
    const { far, socket } = await withClient(scheme);
    for (const length of [1, 125, 126, 65_535, 65_536]) {
      const before = far.length;
      socket.send(new Uint8Array(length).fill(length));
      await far.until(() => far.length === before + length);
      far.connection.write(new Uint8Array(length).fill(7));
      expect((await message(socket)).equals(Buffer.alloc(length, 7))).toBe(true);
    }
    expect([socket.protocol, socket.extensions]).toEqual(["motet", ""]);
  });

  test("fragments of any cut and empty messages are one stream", async () => {
    const { far, socket } = await withClient();
    for (const [bytes, fin] of [
      ["a", false],
      ["", false],
      ["bc", true],
      ["", true],
      ["d", true],
    ] as const)
      socket.send(Buffer.from(bytes), { fin, binary: true });
    await far.until(() => far.length === 4);
    expect(String(far.bytes)).toBe("abcd");
  });

  test("a ping is answered, also inside a message, and is no byte of the stream", async () => {
    const { far, socket } = await withClient();
    socket.send(Buffer.from("a"), { fin: false, binary: true });
    socket.ping("are you there");
    const [answer] = (await once(socket, "pong")) as [Buffer];
    socket.send(Buffer.from("b"), { fin: true, binary: true });
    await far.until(() => far.length === 2);
    expect([String(answer), String(far.bytes)]).toEqual(["are you there", "ab"]);
  });

  test("a close frame ends both directions, and is answered", async () => {
    const { far, socket } = await withClient();
    socket.close(4000, "bye");
    const [code] = (await once(socket, "close")) as [number];
    await far.hears("close");
    expect(code).toBe(1000);
    expect(far.told).toEqual(["end", "close"]);
    expect(far.connection.write(Uint8Array.of(1))).toBe(true);
  });

  test("an end of ours is a close frame of code 1000", async () => {
    const { far, socket } = await withClient();
    far.connection.write(Uint8Array.of(1));
    far.connection.end();
    far.connection.end();
    const [code] = (await once(socket, "close")) as [number];
    await far.hears("close");
    expect([code, far.told]).toEqual([1000, ["end", "close"]]);
  });

  test("an end without a close frame is an end too", async () => {
    const { address, accepted } = await shop.listen(ws, anywhere);
    const socket = await shop.socket(address);
    socket.write(upgradeOf({}));
    const far = await accepted.at(0);
    socket.end();
    await far.hears("close");
    expect(far.told).toEqual(["end", "close"]);
  });

  test("a text message closes, and nothing behind it is a byte of Motet", async () => {
    const { far, socket } = await withClient();
    socket.send("text");
    socket.send(Buffer.from("binary"));
    await far.hears("close");
    expect(far.told).toEqual(["close"]);
  });
});

describe("with a server of the library", () => {
  test("messages go both ways, masked, and the close frame too", async () => {
    const { address, accepted } = await server({ perMessageDeflate: true });
    const near = await shop.dial(ws, address);
    const socket = await accepted;
    for (const length of [1, 125, 126, 65_535, 65_536]) {
      near.connection.write(Uint8Array.from({ length }, (_, i) => i % 251));
      expect((await message(socket)).equals(Uint8Array.from({ length }, (_, i) => i % 251))).toBe(true);
    }
    expect([socket.protocol, socket.extensions]).toEqual(["motet", ""]);
    socket.send(Buffer.from("hello"));
    socket.close(1001);
    await near.hears("close");
    expect([near.told, String(near.bytes)]).toEqual([["data", "end", "close"], "hello"]);
  });

  test("that selects no subprotocol, the dial fails", async () => {
    const { address } = await server({ handleProtocols: () => false });
    await expect(ws.dial(address, never)).rejects.toThrow("UNREACHABLE: " + address);
    await expect(ws.dial(address, never)).rejects.toThrow("subprotocol");
  });

  test("that has another path, the dial fails with the status", async () => {
    const { address } = await server({ path: "/other" });
    await expect(ws.dial(address, never)).rejects.toThrow("response: 400");
  });
});

describe("answers to a dial", () => {
  async function answering(answer: (key: string) => string[]): Promise<string> {
    const http: Server = createServer();
    http.on("upgrade", (request, socket) => {
      const key = String(request.headers["sec-websocket-key"]);
      socket.on("error", () => undefined);
      socket.end([...answer(key), "", ""].join("\r\n"));
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    ended.push(() => http.close());
    return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/motet`;
  }
  const switching = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];

  test.each([
    [
      "whose key is wrong",
      "Invalid Sec-WebSocket-Accept",
      [...switching, "Sec-WebSocket-Accept: AAAA", "Sec-WebSocket-Protocol: motet"],
    ],
    ["that are no upgrade", "response: 200", ["HTTP/1.1 200 OK", "Content-Length: 0"]],
    ["that are no HTTP", "Parse Error", ["hello"]],
    ["longer than 8 KiB", "Header overflow", ["HTTP/1.1 200 OK", `X: ${"x".repeat(9000)}`]],
  ])("%s fail it", async (_name, what, lines) => {
    const address = await answering(() => lines);
    const dialling = ws.dial(address, never);
    await expect(dialling).rejects.toMatchObject({ code: "UNREACHABLE", origin: "transport" });
    await expect(dialling).rejects.toThrow(what);
  });

  test("that select an extension fail it", async () => {
    const address = await answering((key) => [
      ...switching,
      `Sec-WebSocket-Accept: ${createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64")}`,
      "Sec-WebSocket-Protocol: motet",
      "Sec-WebSocket-Extensions: permessage-deflate",
    ]);
    await expect(ws.dial(address, never)).rejects.toThrow("extension");
  });

  test("that never come fail it when the signal does", async () => {
    const { address } = await shop.listen(transportOf("tcp"), "tcp://127.0.0.1:0");
    const dialling = ws.dial(address.replace("tcp", "ws") + "/motet", AbortSignal.timeout(30));
    await expect(dialling).rejects.toMatchObject({ code: "UNREACHABLE" });
  });
});

describe("what comes in frames", () => {
  async function upgraded(): Promise<{ far: Awaited<ReturnType<typeof shop.dial>>; socket: Socket }> {
    const { address, accepted } = await shop.listen(ws, anywhere);
    const socket = await shop.socket(address);
    socket.write(upgradeOf({}));
    return { far: await accepted.at(0), socket };
  }

  test.each<[string, Frame]>([
    ["a reserved bit", { first: 0xc2 }],
    ["no mask", { first: 0x82, isPlain: true }],
    ["an unknown opcode", { first: 0x83 }],
    ["an unknown opcode of control", { first: 0x8b }],
    ["a ping in fragments", { first: 0x09 }],
    ["a long ping", { first: 0x89, payload: new Uint8Array(126) }],
    ["a continuation of nothing", { first: 0x80 }],
    ["a text message", { first: 0x81, payload: Buffer.from("text") }],
    ["an empty text message", { first: 0x81 }],
    ["a message that is too long", { first: 0x82, announced: Limit.WS_MESSAGE_BYTES + 1 }],
    ["a message that is announced to be giant", { first: 0x82, announced: 2 ** 40 }],
  ])("%s closes, and nothing behind it is a byte of Motet", async (_name, frame) => {
    const { far, socket } = await upgraded();
    const closed = untilClosed(socket);
    const good = whole(opcodes.binary, Uint8Array.of(1));
    socket.write(Buffer.concat([good, frameOf(frame), good]));
    await far.hears("close");
    expect([...far.bytes]).toEqual([1]);
    expect(far.connection.write(Uint8Array.of(2))).toBe(true);
    await closed;
  });

  test("the longest message is taken whole, and in as many fragments as it has bytes, with empty ones between them", async () => {
    const { far, socket } = await upgraded();
    const longest = Uint8Array.from({ length: Limit.WS_MESSAGE_BYTES }, (_, i) => i % 251);
    socket.write(whole(opcodes.binary, longest));
    const fragments = [...longest].map((_, i) => [
      frameOf({ first: i === 0 ? opcodes.binary : opcodes.continuation, payload: longest.subarray(i, i + 1) }),
      frameOf({ first: opcodes.continuation }),
    ]);
    socket.write(Buffer.concat([...fragments.flat(), whole(opcodes.continuation)]));
    await far.until(() => far.length === 2 * longest.length);
    expect(Buffer.compare(far.bytes, Buffer.concat([longest, longest]))).toBe(0);
  });

  test("one message that never ends closes, however little of it comes between pings", async () => {
    const { far, socket } = await upgraded();
    const pings = Buffer.concat(Array.from({ length: 1000 }, () => whole(opcodes.ping, new Uint8Array(125))));
    const closed = untilClosed(socket);
    socket.write(frameOf({ first: opcodes.binary, payload: Uint8Array.of(1) }));
    for (let i = 0; i < 64 && !socket.destroyed; i++) {
      const more = frameOf({ first: opcodes.continuation, payload: Uint8Array.of(1) });
      if (!socket.write(Buffer.concat([more, pings])))
        await Promise.race([new Promise((go) => socket.once("drain", go)), closed]);
    }
    await far.hears("close");
    expect(far.told).toEqual(["close"]);
  });

  test("a pause and a close hold between two messages that came together", async () => {
    const { far, socket } = await upgraded();
    const messages = [1, 2, 3].map((byte) => whole(opcodes.binary, Uint8Array.of(byte)));
    far.onData = () => far.connection.pause();
    socket.write(Buffer.concat(messages));
    await far.until(() => far.length === 1);
    far.connection.resume();
    far.onData = () => far.connection.close();
    await far.hears("close");
    expect([[...far.bytes], far.told]).toEqual([
      [1, 2],
      ["data", "close"],
    ]);
  });

  test("a close frame behind messages waits for a pause to end, whatever becomes of the connection below", async () => {
    const { far, socket } = await upgraded();
    far.onData = () => far.connection.pause();
    const closed = untilClosed(socket);
    const messages = [1, 2].map((byte) => whole(opcodes.binary, Uint8Array.of(byte)));
    socket.write(Buffer.concat([...messages, whole(opcodes.close)]));
    await closed;
    expect(far.told).toEqual(["data"]);
    far.connection.resume();
    await far.until(() => far.length === 2);
    far.connection.resume();
    await far.hears("close");
    expect([[...far.bytes], far.told]).toEqual([
      [1, 2],
      ["data", "end", "close"],
    ]);
  });

  test("what comes between our close frame and theirs is delivered", async () => {
    const { far, socket } = await upgraded();
    const sent = untilChunk(socket, Buffer.of(0x88, 2, 0x03, 0xe8));
    far.connection.end();
    await sent;
    socket.write(whole(opcodes.binary, Uint8Array.of(1)));
    await far.hears("data");
    expect([[...far.bytes], far.told]).toEqual([[1], ["data"]]);
    socket.write(whole(opcodes.close));
    await far.hears("close");
    expect(far.told).toEqual(["data", "end", "close"]);
  });

  test("a close frame is heard of at once, and a peer that keeps the connection below is not waited for", async () => {
    const { far, socket } = await upgraded();
    const closed = untilClosed(socket);
    socket.allowHalfOpen = true;
    socket.write(whole(opcodes.close));
    await far.hears("end");
    expect(far.told).toEqual(["end"]);
    await far.hears("close");
    socket.destroy();
    await closed;
  });

  test("pings of a peer that does not read their answers are not answered without end", async () => {
    const { far, socket } = await upgraded();
    const pings = Buffer.concat(Array.from({ length: 8192 }, () => whole(opcodes.ping, new Uint8Array(125))));
    const rounds = 24;
    // Messages in between: what is no part of one is bounded.
    const more = Buffer.concat([pings, whole(opcodes.binary, Uint8Array.of(1))]);
    for (let i = 0; i < rounds; i++) if (!socket.write(more)) await once(socket, "drain");
    await far.until(() => far.length === rounds);
    far.connection.end();
    const closed = untilClosed(socket);
    socket.write(whole(opcodes.close));
    expect((await closed).length).toBeLessThan((pings.length * rounds) / 2);
  });
});

describe("what is sent", () => {
  test("is cut into messages that are not too long", async () => {
    const { far, socket } = await withClient();
    const lengths: number[] = [];
    socket.on("message", (data: Buffer) => lengths.push(data.length));
    far.connection.write(new Uint8Array(3 * Limit.WS_MESSAGE_BYTES + 1));
    far.connection.write(new Uint8Array());
    far.connection.end();
    await once(socket, "close");
    const longest: number = Limit.WS_MESSAGE_BYTES;
    expect(lengths).toEqual([longest, longest, longest, 1]);
  });

  test("stays the sender's where it is masked", async () => {
    const { address, accepted } = await server();
    const near = await shop.dial(ws, address);
    const bytes = Uint8Array.of(1, 2, 3, 4);
    near.connection.write(bytes);
    expect([...(await message(await accepted))]).toEqual([1, 2, 3, 4]);
    expect([...bytes]).toEqual([1, 2, 3, 4]);
  });
});
