// What a responder makes of HTTP requests: which it upgrades, and what the others are answered.

import { afterEach, describe, expect, test } from "vitest";
import { transportOf, untilClosed, Workshop } from "./pairs.js";
import { upgradeOf } from "./upgrade-request.js";
import { opcodes, whole } from "./web-socket-frame.js";

const ws = transportOf("ws");
const anywhere = "ws://127.0.0.1:0/motet";
const shop = new Workshop();
afterEach(() => shop.close());

describe("requests that come to a responder", () => {
  const settings = {
    configured: [
      "wss://node.example:8443/motet",
      "wss://[2001:db8::1]:443/motet",
      "tcp://other.example:1",
      "memory://any",
    ],
    origins: ["https://app.example"],
  };

  async function answer(text: string): Promise<{ status: string; text: string; channels: unknown[] }> {
    const { address, accepted } = await shop.listen(transportOf("ws", settings), anywhere);
    const socket = await shop.socket(address);
    const closed = untilClosed(socket);
    socket.write(text);
    await Promise.race([closed, accepted.at(0)]);
    const channels = accepted.all.map((ear) => ear.connection.channel);
    for (const ear of accepted.all) ear.connection.close();
    const answered = String(await closed);
    return { status: answered.slice(9, 12), text: answered, channels };
  }

  test("a good one is answered with what RFC 6455 has as its example", async () => {
    const { status, text, channels } = await answer(upgradeOf({}));
    expect([status, channels.length]).toEqual(["101", 1]);
    expect(text).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    expect(text).toContain("Sec-WebSocket-Protocol: motet\r\n");
    expect(text.toLowerCase()).not.toContain("extensions");
  });

  test.each([
    ["another path", "404", upgradeOf({}, "GET / HTTP/1.1")],
    ["a path with a query", "404", upgradeOf({}, "GET /motet?a HTTP/1.1")],
    ["no upgrade", "426", upgradeOf({ Upgrade: undefined, Connection: undefined })],
    ["no upgrade and another path", "404", upgradeOf({ Upgrade: undefined, Connection: undefined }, "GET / HTTP/1.1")],
    ["an upgrade to something else", "426", upgradeOf({ Upgrade: "h2c" })],
    ["another version", "426", upgradeOf({ "Sec-WebSocket-Version": "8" })],
    ["no key", "400", upgradeOf({ "Sec-WebSocket-Key": undefined })],
    ["a key of another length", "400", upgradeOf({ "Sec-WebSocket-Key": "AAAA" })],
    ["another method", "400", upgradeOf({}, "PUT /motet HTTP/1.1")],
    ["no subprotocol", "400", upgradeOf({ "Sec-WebSocket-Protocol": undefined })],
    ["another subprotocol", "400", upgradeOf({ "Sec-WebSocket-Protocol": "Motet, motet2" })],
    ["a foreign origin", "403", upgradeOf({ Origin: "https://evil.example" })],
    ["an opaque origin", "403", upgradeOf({ Origin: "null" })],
    ["an origin that begins like a good one", "403", upgradeOf({ Origin: "https://app.example.evil.example" })],
    ["a foreign host", "403", upgradeOf({ Host: "evil.example" })],
    ["a foreign host with a port", "403", upgradeOf({ Host: "evil.example:8443" })],
    ["a host that begins like a good one", "403", upgradeOf({ Host: "node.example.evil.example:8443" })],
    ["a host with user information", "403", upgradeOf({ Host: "node.example:8443@evil.example" })],
    ["an empty host", "403", upgradeOf({ Host: "" })],
    ["two hosts", "403", upgradeOf({ Host: "node.example\r\nHost: evil.example" })],
    ["no host", "403", upgradeOf({ Host: undefined })],
    ["headers longer than 8 KiB", "431", upgradeOf({ X: "x".repeat(9000) })],
    ["no HTTP", "400", "MOTET\r\n\r\n"],
  ])("%s is refused with %s", async (_name, status, text) => {
    const answered = await answer(text);
    expect([answered.status, answered.channels]).toEqual([status, []]);
  });

  test.each([
    ["127.0.0.1", undefined],
    ["192.0.2.1:80", undefined],
    ["[::1]:4000", undefined],
    ["localhost:4000", undefined],
    ["other.example", undefined],
    ["node.example", undefined],
    ["node.example:443", undefined],
    ["node.example:8443", "wss://node.example:8443/motet"],
    ["NODE.example:8443", "wss://node.example:8443/motet"],
    ["[2001:db8::1]", "wss://[2001:db8::1]:443/motet"],
    ["[2001:db8::1]:443", "wss://[2001:db8::1]:443/motet"],
    ["[2001:db8::1]:444", undefined],
  ])("Host %s is taken; the address of the binding is %s", async (host, authority) => {
    const { channels } = await answer(upgradeOf({ Host: host, Origin: "https://app.example" }));
    const plain = { encrypted: false, resumed: false };
    expect(channels).toEqual([authority === undefined ? plain : { ...plain, authority }]);
  });

  test("bytes that come with the request are the first of the stream", async () => {
    const { address, accepted } = await shop.listen(ws, anywhere);
    const socket = await shop.socket(address);
    const frame = whole(opcodes.binary, Uint8Array.of(1, 2, 3));
    socket.write(Buffer.concat([Buffer.from(upgradeOf({})), frame]));
    const far = await accepted.at(0);
    await far.until(() => far.length === 3);
    expect([...far.bytes]).toEqual([1, 2, 3]);
  });

  test.each(["ws", "wss"])("those of %s that do not end are closed after their time", async (scheme) => {
    const { address, accepted } = await shop.listen(
      transportOf(scheme, { limits: { HANDSHAKE_MS: 80 } }),
      `${scheme}://127.0.0.1:0/motet`,
    );
    const socket = await shop.socket(address);
    socket.write(scheme === "ws" ? upgradeOf({}).slice(0, -2) : Uint8Array.of(22, 3, 1));
    await untilClosed(socket);
    expect(accepted.all.length).toBe(0);
  });

  test("300 that do not end keep nobody out", async () => {
    const { address, accepted } = await shop.listen(ws, anywhere);
    for (let i = 0; i < 300; i++) (await shop.socket(address)).write("GET /motet HTTP/1.1\r\n");
    const near = await shop.dial(ws, address);
    near.connection.write(Uint8Array.of(1));
    await (await accepted.at(0)).hears("data");
    expect(accepted.all.length).toBe(1);
  });
});
