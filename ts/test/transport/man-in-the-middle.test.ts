// Somebody who terminates TLS between two nodes and passes every byte on: whom the channel binding of section 6.4 stops, and
// why the exporter comes before the certificate.

import { createServer as createTlsServer, connect as connectTls, type Server, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Engine } from "../../src/engine/index.js";
import { Limit } from "../../src/gen/registry.js";
import { formatAddress, parseAddress } from "../../src/identity/index.js";
import { createIdentity, hasher, random, SystemClock, type Node } from "../../src/runtime/index.js";
import { Driver } from "../../src/runtime/drive.js";
import { MemoryStore } from "../../src/runtime/store/index.js";
import type { ChannelFacts, Connection, ServerCertificate } from "../../src/transport/index.js";
import { addressOf, next, node } from "../api/nodes.js";
import { certify } from "./certificates.js";
import { transportOf } from "./pairs.js";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const tls = { listen: ["tls://127.0.0.1:0"] };
const newCertificate = async (): Promise<ServerCertificate> =>
  (await certify([{ type: "ip", value: "127.0.0.1" }])).shown;

/** Stands in front of an address with a certificate, and passes everything on; answers its own address. */
async function middle(behind: string, { key, certificate }: ServerCertificate): Promise<string> {
  const { host, port } = parseAddress(behind);
  const sockets: TLSSocket[] = [];
  const options = { key, cert: certificate, ALPNProtocols: ["motet"], minVersion: "TLSv1.3" } as const;
  const server: Server = createTlsServer(options, (front) => {
    const back = connectTls({ host, port, ALPNProtocols: ["motet"], rejectUnauthorized: false });
    sockets.push(front, back);
    for (const socket of [front, back]) socket.on("error", () => undefined);
    front.pipe(back);
    back.pipe(front);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return formatAddress({ scheme: "tls", host: "127.0.0.1", port: (server.address() as AddressInfo).port });
}

/** What both applications are told of a dial that does not lead to a peer. */
async function refusals(dialler: Node, dialled: Node, address: string): Promise<string[]> {
  const both = Promise.all([next(dialler, "refused"), next(dialled, "refused")]);
  dialler.dial(address);
  return (await both).map(({ code, by }) => `${code} ${by}`);
}

/** A node that knows no more of its connections than a test lets it know. Answers what it hears first. */
async function dialKnowing(address: string, of: Node, knows: (facts: ChannelFacts) => ChannelFacts): Promise<unknown> {
  const identity = createIdentity();
  const clock = new SystemClock();
  const config = {
    network: of.network,
    nodeId: identity.nodeId,
    limits: Limit,
    hasher,
    random,
    incarnation: BigInt(clock.now()),
    lastSequence: 0n,
    agent: "test",
    compressions: [],
  };
  const engine = new Engine(config, clock.now());
  let hear: (event: unknown) => void = () => undefined;
  const heard = new Promise<unknown>((resolve) => (hear = resolve));
  const driver = new Driver(engine, clock, identity, {
    event: hear,
    dial: () => undefined,
    store: new MemoryStore(),
  });
  closing.push(() => void driver.stop());
  engine.announce([], clock.now());
  driver.drain();
  const connection = await transportOf("tls").dial(address, new AbortController().signal);
  driver.attach(withChannel(connection, knows(connection.channel)), "initiator");
  return heard;
}

/** The same connection, of whose encryption something else is known. */
function withChannel(connection: Connection, channel: ChannelFacts): Connection {
  const { hasHalfClose, inProcess, openingMs, remoteAddress } = connection;
  return {
    channel,
    hasHalfClose,
    inProcess,
    openingMs,
    remoteAddress,
    start: (handlers) => connection.start(handlers),
    write: (bytes) => connection.write(bytes),
    end: () => connection.end(),
    close: () => connection.close(),
    pause: () => connection.pause(),
    resume: () => connection.resume(),
  };
}

function withoutExporter({ encrypted, resumed, certificate }: ChannelFacts): ChannelFacts {
  return { encrypted, resumed, ...(certificate === undefined ? {} : { certificate }) };
}

describe("a man in the middle of TLS", () => {
  test("with a certificate of its own gets no session: both applications are told BAD_PROOF", async () => {
    const [a, b] = [await node(), await node(tls)];
    const address = await middle(addressOf(b), await newCertificate());
    expect(await refusals(a, b, address)).toEqual(["BAD_PROOF local", "BAD_PROOF remote"]);
    // Knowing whom it wants does not change what it sees.
    const pinned = address.replace("://", `://${b.idText}@`);
    expect(await refusals(a, b, pinned)).toEqual(["BAD_PROOF local", "BAD_PROOF remote"]);
    expect([a.peers, b.peers]).toEqual([[], []]);
    const up = next(a, "peer.up");
    a.dial(addressOf(b));
    expect((await up).peer).toEqual(b.id);
  });

  test("with the very certificate and key of the node gets none either: the exporter differs on both sides", async () => {
    const certificate = await newCertificate();
    const [a, b] = [await node(), await node({ ...tls, certificate })];
    const address = await middle(addressOf(b), certificate);
    expect(await refusals(a, b, address)).toEqual(["BAD_PROOF local", "BAD_PROOF remote"]);
  });

  test("that has stolen them stands in between where the certificate alone is bound: why the exporter comes first", async () => {
    const certificate = await newCertificate();
    const b = await node({ ...tls, certificate });
    const stolen = await middle(addressOf(b), certificate);
    expect(await dialKnowing(stolen, b, withoutExporter)).toMatchObject({ type: "peer.up", peer: b.id });
    // With another certificate the weaker binding holds as well.
    const other = await middle(addressOf(b), await newCertificate());
    expect(await dialKnowing(other, b, withoutExporter)).toMatchObject({
      type: "refused",
      code: "BAD_PROOF",
      by: "local",
    });
  });

  test("is nobody to a node that knows nothing of its encryption: BINDING, on HELLO", async () => {
    const b = await node(tls);
    const knowsNothing = (): ChannelFacts => ({ encrypted: true, resumed: false });
    expect(await dialKnowing(addressOf(b), b, knowsNothing)).toMatchObject({ type: "refused", code: "BINDING" });
  });

  test("directly, without anybody in between, each binding holds", async () => {
    const b = await node(tls);
    for (const knows of [withoutExporter, (facts: ChannelFacts) => facts]) {
      expect(await dialKnowing(addressOf(b), b, knows)).toMatchObject({ type: "peer.up", peer: b.id });
    }
  });
});
