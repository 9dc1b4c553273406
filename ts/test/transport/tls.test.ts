import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type ConnectionOptions, type TLSSocket, type TlsOptions } from "node:tls";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { parseAddress } from "../../src/identity/index.js";
import { certify } from "./certificates.js";
import { has, nowhere } from "./nowhere.js";
import { transportOf, untilClosed, Workshop } from "./pairs.js";
import { transportContract } from "./transport-contract.js";

const tls = transportOf("tls");
const anywhere = "tls://127.0.0.1:0";
const never = new AbortController().signal;

transportContract("tls over IPv4", tls, {
  anywhere,
  nowhere: () => nowhere("tls", "127.0.0.1"),
  malformed: ["tls://", "tls://127.0.0.1", "tls://127.0.0.1:65536", "tls://127.0.0.1:1/motet"],
});

describe.skipIf(!(await has("::1")))("where the machine has IPv6", () => {
  transportContract("tls over IPv6", tls, {
    anywhere: "tls://[::1]:0",
    nowhere: () => nowhere("tls", "::1"),
    malformed: [],
  });
});

const shop = new Workshop();
const ended: (() => void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) end();
  await shop.close();
});

/** A client of the platform, which does what an initiator of ours never would. */
function client(address: string, options: ConnectionOptions = {}): TLSSocket {
  const { host, port } = parseAddress(address);
  const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ["motet"], ...options });
  socket.on("error", () => undefined);
  ended.push(() => socket.destroy());
  return socket;
}

const shown = (await certify([{ type: "ip", value: "127.0.0.1" }])).shown;

/** A server of the platform: its address, and the connections it completed. */
async function server(options: TlsOptions = {}): Promise<{ address: string; accepted: TLSSocket[] }> {
  const accepted: TLSSocket[] = [];
  const server = createServer({ key: shown.key, cert: shown.certificate, ALPNProtocols: ["motet"], ...options });
  server.on("secureConnection", (socket) => {
    accepted.push(socket);
    socket.on("error", () => undefined);
    ended.push(() => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ended.push(() => server.close());
  return { address: `tls://127.0.0.1:${(server.address() as AddressInfo).port}`, accepted };
}

describe("version and protocol", () => {
  test("a responder completes no handshake of TLS 1.2", async () => {
    const { address, accepted } = await shop.listen(tls, anywhere);
    const socket = client(address, { maxVersion: "TLSv1.2" });
    await untilClosed(socket);
    expect([socket.getProtocol(), accepted.all.length]).toEqual([null, 0]);
  });

  test("an initiator completes no handshake of TLS 1.2", async () => {
    const { address } = await server({ maxVersion: "TLSv1.2" });
    await expect(tls.dial(address, never)).rejects.toMatchObject({ code: "UNREACHABLE" });
  });

  test.each([[[]], [["http/1.1", "motet/2"]]])("a responder takes no client that offers %j", async (offered) => {
    const { address, accepted } = await shop.listen(tls, anywhere);
    const socket = client(address, { ALPNProtocols: offered });
    expect((await untilClosed(socket)).length).toBe(0);
    expect(accepted.all.length).toBe(0);
  });

  test("a client that offers others beside motet gets motet", async () => {
    const { address, accepted } = await shop.listen(tls, anywhere);
    const socket = client(address, { ALPNProtocols: ["h2", "motet"] });
    await accepted.at(0);
    expect([socket.alpnProtocol, socket.getProtocol()]).toEqual(["motet", "TLSv1.3"]);
  });

  test("a dial to a server that selects no protocol is NOT_MOTET, and nothing was sent", async () => {
    const { address, accepted } = await server({ ALPNProtocols: undefined });
    await expect(tls.dial(address, never)).rejects.toMatchObject({ code: "NOT_MOTET", origin: "transport" });
    const [socket] = accepted;
    if (socket !== undefined && !socket.closed) await once(socket.resume(), "close");
    expect(socket?.bytesRead ?? 0).toBe(0);
  });

  test("a dial to a server of another protocol fails", async () => {
    const { address } = await server({ ALPNProtocols: ["http/1.1"] });
    await expect(tls.dial(address, never)).rejects.toMatchObject({ code: "UNREACHABLE" });
  });

  test("a dial to a port without TLS fails", async () => {
    const { address } = await shop.listen(transportOf("tcp"), "tcp://127.0.0.1:0");
    const giving = AbortSignal.timeout(100);
    await expect(tls.dial(address.replace("tcp", "tls"), giving)).rejects.toMatchObject({ code: "UNREACHABLE" });
  });
});

describe("what a channel binding is made of", () => {
  test("both sides know the same exporter and the responder's certificate", async () => {
    const { address, accepted } = await shop.listen(tls, anywhere);
    const [near, far] = [await shop.dial(tls, address), await accepted.at(0)];
    expect(near.connection.channel).toEqual(far.connection.channel);
    expect(near.connection.channel).toMatchObject({ encrypted: true, resumed: false });
    expect(near.connection.channel.exporter?.length).toBe(32);
    expect(near.connection.channel.authority).toBeUndefined();
  });

  test("another connection has another exporter and the same certificate", async () => {
    const { address } = await shop.listen(tls, anywhere);
    const [one, two] = [await shop.dial(tls, address), await shop.dial(tls, address)].map(
      (ear) => ear.connection.channel,
    );
    expect(one?.exporter).not.toEqual(two?.exporter);
    expect(one?.certificate).toEqual(two?.certificate);
  });

  test("the exporter is that of RFC 9266", async () => {
    const { address, accepted } = await shop.listen(tls, anywhere);
    const socket = client(address);
    const far = await accepted.at(0);
    const exporter = socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
    expect(far.connection.channel.exporter).toEqual(exporter);
    expect(far.connection.channel.certificate).toEqual(socket.getPeerX509Certificate()?.raw);
  });

  test("a connection that resumes another says so; a dial of ours never resumes", async () => {
    const { address, accepted } = await shop.listen(tls, anywhere);
    const socket = client(address);
    const [session] = (await once(socket, "session")) as [Buffer];
    client(address, { session });
    expect((await accepted.at(0)).connection.channel.resumed).toBe(false);
    expect((await accepted.at(1)).connection.channel.resumed).toBe(true);
    await shop.dial(tls, address);
    expect((await accepted.at(2)).connection.channel.resumed).toBe(false);
  });

  test("each set of transports makes a certificate of its own, valid now", async () => {
    const [one, two] = [transportOf("tls"), transportOf("tls")];
    const certificates: X509Certificate[] = [];
    for (const transport of [one, two, one]) {
      const { address } = await shop.listen(transport, anywhere);
      const { certificate } = (await shop.dial(tls, address)).connection.channel;
      certificates.push(new X509Certificate(certificate as Uint8Array));
    }
    const [first, other, again] = certificates as [X509Certificate, X509Certificate, X509Certificate];
    expect(first.raw).toEqual(again.raw);
    expect(first.publicKey.equals(other.publicKey)).toBe(false);
    expect(first.verify(first.publicKey)).toBe(true);
    expect(first.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(Date.parse(first.validFrom)).toBeLessThan(Date.now() - 3_600_000);
    expect(Date.parse(first.validTo)).toBeGreaterThan(Date.now() + 365 * 86_400_000);
  });

  test("a certificate that the operator gave is the one that is shown", async () => {
    const { address } = await shop.listen(transportOf("tls", { certificate: shown }), anywhere);
    const { certificate } = (await shop.dial(tls, address)).connection.channel;
    expect(certificate).toEqual(new X509Certificate(shown.certificate).raw);
  });

  test("a certificate that cannot be used is MISUSE", async () => {
    const listening = transportOf("tls", { certificate: { key: "no key", certificate: "none" } }).listen(
      anywhere,
      () => undefined,
    );
    await expect(listening).rejects.toMatchObject({ code: "MISUSE" });
  });
});

describe("an initiator whose operator validates", () => {
  test("takes what its authorities signed for the host, and nothing else", async () => {
    const mine = await certify([{ type: "ip", value: "127.0.0.1" }]);
    const elsewhere = await certify([{ type: "ip", value: "127.0.0.2" }]);
    const { address: good } = await shop.listen(transportOf("tls", { certificate: mine.shown }), anywhere);
    const { address: bad } = await shop.listen(transportOf("tls", { certificate: elsewhere.shown }), anywhere);
    const { address: own } = await shop.listen(tls, anywhere);
    const strict = transportOf("tls", { authorities: [mine.authority, elsewhere.authority] });
    await shop.dial(strict, good);
    await expect(strict.dial(bad, never)).rejects.toMatchObject({ code: "UNREACHABLE" });
    await expect(strict.dial(own, never)).rejects.toMatchObject({ code: "UNREACHABLE" });
    for (const address of [good, bad, own]) await shop.dial(tls, address);
  });
});

describe("names", () => {
  test("are resolved, sent as SNI, and the remote address is of an IP address", async () => {
    const asked: string[] = [];
    const { address } = await server({ SNICallback: (name, answer) => answer(null, void asked.push(name)) });
    const near = await shop.dial(tls, address.replace("127.0.0.1", "localhost"));
    expect(near.connection.remoteAddress).toBe(address);
    await shop.dial(tls, address);
    expect(asked).toEqual(["localhost"]);
  });

  test("that do not exist are UNREACHABLE", async () => {
    await expect(tls.dial("tls://nobody.invalid:1", never)).rejects.toMatchObject({ code: "UNREACHABLE" });
  });

  test("an IPv4 peer of a listener for both families is written as IPv4", async () => {
    if (!(await has("::"))) return;
    const { address, accepted } = await shop.listen(tls, "tls://[::]:0");
    await shop.dial(tls, address.replace("[::]", "127.0.0.1"));
    expect((await accepted.at(0)).connection.remoteAddress).toMatch(/^tls:\/\/127\.0\.0\.1:[0-9]+$/);
  });
});

describe("handshakes that do not end", () => {
  test("are closed after their time", async () => {
    const { address, accepted } = await shop.listen(transportOf("tls", { limits: { HANDSHAKE_MS: 30 } }), anywhere);
    const socket = await shop.socket(address);
    socket.write(Uint8Array.of(22, 3, 1));
    expect((await untilClosed(socket)).length).toBe(0);
    expect(accepted.all.length).toBe(0);
  });

  test("a connection whose handshake has ended is not closed by that time, and tells how long it took", async () => {
    const { address, accepted } = await shop.listen(transportOf("tls", { limits: { HANDSHAKE_MS: 1000 } }), anywhere);
    const [near, slow] = [await shop.dial(tls, address), await shop.socket(address)];
    await untilClosed(slow);
    near.connection.write(Uint8Array.of(1));
    const far = await accepted.at(0);
    await far.hears("data");
    expect(far.connection.openingMs).toBeGreaterThan(0);
    expect(far.connection.openingMs).toBeLessThan(1000);
  });

  test("300 of them keep nobody out: the oldest make room", async () => {
    const { address, accepted } = await shop.listen(tls, anywhere);
    const sockets = [];
    for (let i = 0; i < 300; i++) sockets.push(await shop.socket(address));
    const near = await shop.dial(tls, address);
    near.connection.write(Uint8Array.of(1));
    await (await accepted.at(0)).hears("data");
    for (const socket of sockets.slice(0, 172)) if (!socket.closed) await once(socket.resume(), "close");
    expect(sockets.slice(173).some((socket) => socket.closed)).toBe(false);
  });

  test("end with the listener", async () => {
    const listener = await tls.listen(anywhere, () => undefined);
    const socket = await shop.socket(listener.address);
    const closed = untilClosed(socket);
    await listener.close();
    expect((await closed).length).toBe(0);
  });
});
