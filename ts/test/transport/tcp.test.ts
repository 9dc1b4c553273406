import { createConnection, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../src/identity/index.js";
import { transports, type Transport } from "../../src/transport/index.js";
import { has, nowhere } from "./nowhere.js";
import { Ear, transportContract } from "./transport-contract.js";

const tcp = transports.get("tcp") as Transport;

const malformed = [
  "tcp://",
  "tcp://127.0.0.1",
  "tcp://127.0.0.1:",
  "tcp://127.0.0.1:65536",
  "tcp://127.0.0.1:01",
  "tcp://127.0.0.1:-1",
  "tcp://127.1:80",
  "tcp://[::1:80",
  "tcp://::1:80",
  "tcp://[fe80::1%eth0]:80",
  "tcp://127.0.0.1:80/",
];

transportContract("tcp over IPv4", tcp, {
  anywhere: "tcp://127.0.0.1:0",
  nowhere: () => nowhere("tcp", "127.0.0.1"),
  malformed,
});

describe.skipIf(!(await has("::1")))("where the machine has IPv6", () => {
  transportContract("tcp over IPv6", tcp, {
    anywhere: "tcp://[::1]:0",
    nowhere: () => nowhere("tcp", "::1"),
    malformed: [],
  });
});

/** Our end of a connection with a plain socket of the platform, which can do what our own never would. */
async function againstSocket(): Promise<{ ear: Ear; socket: Socket; close: () => Promise<void> }> {
  let accept: (ear: Ear) => void = () => undefined;
  const accepted = new Promise<Ear>((resolve) => (accept = resolve));
  const listener = await tcp.listen("tcp://127.0.0.1:0", (connection) => accept(new Ear(connection).start()));
  const socket = createConnection(parseAddress(listener.address));
  socket.on("error", () => undefined);
  const ear = await accepted;
  const close = async (): Promise<void> => {
    socket.destroy();
    ear.connection.close();
    await listener.close();
  };
  return { ear, socket, close };
}

describe("a remote socket that aborts", () => {
  test("ends in close, exactly once, and in no exception", async () => {
    const { ear, socket, close } = await againstSocket();
    ear.connection.write(new Uint8Array(1000));
    socket.resetAndDestroy();
    await ear.hears("close");
    await close();
    expect(ear.count("close")).toBe(1);
  });

  test("ends in close also while it has much to read", async () => {
    const { ear, socket, close } = await againstSocket();
    while (ear.connection.write(new Uint8Array(100_000)));
    socket.resetAndDestroy();
    await ear.hears("close");
    await close();
    expect([ear.count("close"), ear.count("drain")]).toEqual([1, 0]);
  });

  test("that never reads is closed on within a moment, though bytes are still to be written", async () => {
    const { ear, socket, close } = await againstSocket();
    socket.pause();
    while (ear.connection.write(new Uint8Array(100_000)));
    ear.connection.close();
    await ear.hears("close");
    await close();
    expect(ear.count("close")).toBe(1);
  });
});
