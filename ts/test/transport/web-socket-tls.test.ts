// wss alone: what TLS and WebSocket have to do with each other, and the addresses that bind a session to an authority.

import { once } from "node:events";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { parseAddress } from "../../src/identity/index.js";
import { certify } from "./certificates.js";
import { transportOf, untilClosed, Workshop } from "./pairs.js";
import { upgradeOf } from "./upgrade-request.js";

const wss = transportOf("wss");
const anywhere = "wss://127.0.0.1:0/motet";
const never = new AbortController().signal;

const shop = new Workshop();
const ended: (() => void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) end();
  await shop.close();
});

function client(address: string, options: ConnectionOptions = {}): TLSSocket {
  const { host, port } = parseAddress(address);
  const socket = connect({ host, port, rejectUnauthorized: false, ...options });
  socket.on("error", () => undefined);
  ended.push(() => socket.destroy());
  return socket;
}

const request = upgradeOf({});

describe("TLS below WebSocket", () => {
  test("is of version 1.3", async () => {
    const { address } = await shop.listen(wss, anywhere);
    const socket = client(address, { maxVersion: "TLSv1.2" });
    await untilClosed(socket);
    expect(socket.getProtocol()).toBe(null);
  });

  test.each([[[]], [["h2", "http/1.1"]]])("needs no ALPN beyond HTTP: %j", async (offered) => {
    const { address, accepted } = await shop.listen(wss, anywhere);
    const socket = client(address, { ALPNProtocols: offered });
    socket.write(request);
    await accepted.at(0);
    expect(socket.alpnProtocol).toBe(offered.length === 0 ? false : "http/1.1");
  });

  test("has the same exporter and certificate at both ends", async () => {
    const { address, accepted } = await shop.listen(wss, anywhere);
    const [near, far] = [await shop.dial(wss, address), await accepted.at(0)];
    expect(near.connection.channel).toEqual(far.connection.channel);
    expect(near.connection.channel).toMatchObject({ encrypted: true, resumed: false });
    expect(near.connection.channel.exporter?.length).toBe(32);
  });

  test("tells when it resumed another connection", async () => {
    const { address, accepted } = await shop.listen(wss, anywhere);
    const first = client(address);
    first.write(request);
    const [session] = (await once(first, "session")) as [Buffer];
    expect((await accepted.at(0)).connection.channel.resumed).toBe(false);
    client(address, { session }).write(request);
    expect((await accepted.at(1)).connection.channel.resumed).toBe(true);
  });

  test("and the upgrade end in time together", async () => {
    const { address, accepted } = await shop.listen(transportOf("wss", { limits: { HANDSHAKE_MS: 300 } }), anywhere);
    const socket = client(address);
    socket.write(request.slice(0, -2));
    await untilClosed(socket);
    expect(accepted.all.length).toBe(0);
  });

  test("is closed by its responder when the request is refused", async () => {
    const { address, accepted } = await shop.listen(wss, anywhere);
    const socket = client(address);
    socket.write(request.replace("127.0.0.1", "evil.example"));
    expect(String(await untilClosed(socket))).toMatch(/^HTTP\/1\.1 403 /);
    expect(accepted.all.length).toBe(0);
  });
});

describe("the authority", () => {
  test("is the address as dialled, without pin, once a certificate was validated for it; and the configured one", async () => {
    const { authority, shown } = await certify([
      { type: "ip", value: "127.0.0.1" },
      { type: "dns", value: "localhost" },
    ]);
    const port = (await (async () => (await shop.listen(wss, anywhere)).address)()).replace(/^.*:(\d+).*$/, "$1");
    await shop.close();
    const configured = [`wss://localhost:${port}/motet`];
    const responder = transportOf("wss", { certificate: shown, configured });
    const { accepted } = await shop.listen(responder, `wss://127.0.0.1:${port}/motet`);
    const strict = transportOf("wss", { authorities: authority });
    const authorities = async (host: string, index: number): Promise<unknown[]> => {
      const near = await shop.dial(strict, `wss://${host}:${port}/motet`);
      return [near.connection.channel.authority, (await accepted.at(index)).connection.channel.authority];
    };
    expect(await authorities("localhost", 0)).toEqual([configured[0], configured[0]]);
    expect(await authorities("127.0.0.1", 1)).toEqual([`wss://127.0.0.1:${port}/motet`, undefined]);
  });

  test("is nothing to an initiator that validated nothing, or for whom the validation failed", async () => {
    const { authority, shown } = await certify([{ type: "ip", value: "127.0.0.2" }]);
    const { address } = await shop.listen(transportOf("wss", { certificate: shown }), anywhere);
    expect((await shop.dial(wss, address)).connection.channel.authority).toBeUndefined();
    const strict = transportOf("wss", { authorities: authority });
    await expect(strict.dial(address, never)).rejects.toMatchObject({ code: "UNREACHABLE" });
  });
});
