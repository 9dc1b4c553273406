// The transports ws and wss, and their frames against the library `ws`, which was written by others from the same RFC.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer, type ServerOptions } from "ws";
import { encodeWebSocketFrame } from "../../src/transport/web-socket-frame.js";
import { has, nowhere } from "./nowhere.js";
import { upgradeOf } from "./upgrade-request.js";
import { transportOf, untilClosed, Workshop } from "./pairs.js";
import { transportContract } from "./transport-contract.js";

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

const message = async (socket: WebSocket): Promise<Buffer> => ((await once(socket, "message")) as [Buffer])[0];

describe("with a client of another library", () => {
  test.each(["ws", "wss"])("messages of %s go both ways, without extension", async (scheme) => {
    const { far, socket } = await withClient(scheme);
    for (const length of [1, 125, 126, 65_535, 65_536, 300_000]) {
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

describe("with a server of another library", () => {
  test("messages go both ways, masked, and the close frame too", async () => {
    const { address, accepted } = await server({ perMessageDeflate: true });
    const near = await shop.dial(ws, address);
    const socket = await accepted;
    for (const length of [1, 125, 126, 65_535, 65_536, 300_000]) {
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
    await expect(ws.dial(address, never)).rejects.toThrow("HTTP status 400");
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
      "answer is none",
      [...switching, "Sec-WebSocket-Accept: AAAA", "Sec-WebSocket-Protocol: motet"],
    ],
    ["that are no upgrade", "HTTP status 200", ["HTTP/1.1 200 OK", "Content-Length: 0"]],
    ["that are no HTTP", "Parse Error", ["hello"]],
    ["longer than 8 KiB", "Header overflow", ["HTTP/1.1 200 OK", `X: ${"x".repeat(9000)}`]],
  ])("%s fail it", async (_name, what, lines) => {
    const address = await answering(() => lines);
    const dialling = ws.dial(address, never);
    await expect(dialling).rejects.toMatchObject({ code: "UNREACHABLE", origin: "transport" });
    await expect(dialling).rejects.toThrow(what);
  });

  test("that select an extension fail it", async () => {
    const { acceptOf } = await import("../../src/transport/web-socket-handshake.js");
    const address = await answering((key) => [
      ...switching,
      `Sec-WebSocket-Accept: ${acceptOf(key)}`,
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
  test("a message that is announced to be giant is handed on as it comes", async () => {
    const { address, accepted } = await shop.listen(ws, anywhere);
    const socket = await shop.socket(address);
    const giant = Buffer.alloc(14);
    giant.writeUInt16BE(0x82ff);
    giant.writeBigUInt64BE(2n ** 40n, 2);
    socket.write(Buffer.concat([Buffer.from(upgradeOf({})), giant]));
    const far = await accepted.at(0);
    let heard = 0;
    for (let i = 0; i < 64; i++) {
      socket.write(Buffer.alloc(1 << 16));
      heard += 1 << 16;
      await far.until(() => far.length === heard);
    }
    expect(far.told).toEqual(["data"]);
  });

  test("a pause and a close hold between two messages that came together", async () => {
    const { address, accepted } = await shop.listen(ws, anywhere);
    const socket = await shop.socket(address);
    socket.write(upgradeOf({}));
    const far = await accepted.at(0);
    const messages = [1, 2, 3].map((byte) => encodeWebSocketFrame(2, Uint8Array.of(byte), true));
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

  test("pings of a peer that does not read their answers are not answered without end", async () => {
    const { address, accepted } = await shop.listen(ws, anywhere);
    const socket = await shop.socket(address);
    socket.write(upgradeOf({}));
    const far = await accepted.at(0);
    const pings = Buffer.concat(Array.from({ length: 8192 }, () => encodeWebSocketFrame(9, new Uint8Array(125), true)));
    const rounds = 24;
    for (let i = 0; i < rounds; i++) if (!socket.write(pings)) await once(socket, "drain");
    socket.write(encodeWebSocketFrame(2, Uint8Array.of(1), true));
    await far.hears("data");
    far.connection.end();
    const close = encodeWebSocketFrame(8, new Uint8Array(), true);
    const closed = untilClosed(socket);
    socket.write(close);
    expect((await closed).length).toBeLessThan((pings.length * rounds) / 2);
  });
});
