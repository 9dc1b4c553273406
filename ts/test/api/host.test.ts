import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createHost, createNode, formatNodeId, type Host, type Node } from "../../src/index.js";

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing[Symbol.asyncDispose]();
});

async function started<T extends AsyncDisposable>(thing: Promise<T>): Promise<T> {
  const made = await thing;
  open.push(made);
  return made;
}

const node = (host?: Host): Promise<Node> =>
  started(createNode({ network: "host-test", ...(host === undefined ? {} : { host }) }));

/** The peer that a dial leads to, or the code that refuses it. */
function outcomeOf(dialler: Node, address: string): Promise<string> {
  return new Promise((resolve) => {
    dialler.on("peer.up", ({ peer }) => resolve(formatNodeId(peer)));
    dialler.on("refused", ({ code }) => resolve(code));
    dialler.dial(address);
  });
}

describe("a host: several nodes behind one port", () => {
  test("each gets what is meant for it, the first one what is meant for nobody", async () => {
    const host = await started(createHost({ listen: ["tls://127.0.0.1:0"] }));
    const [a, b] = [await node(host), await node(host)];
    const [address = ""] = host.addresses;
    const pinned = (id: string): string => address.replace("tls://", `tls://${id}@`);
    expect(await outcomeOf(await node(), pinned(b.idText))).toBe(b.idText);
    expect(await outcomeOf(await node(), pinned(a.idText))).toBe(a.idText);
    expect(await outcomeOf(await node(), address)).toBe(a.idText);
    expect(a.addresses).toEqual([address]);
  });

  test("a node that is not there is answered by another, with UNEXPECTED_NODE", async () => {
    const host = await started(createHost({ listen: ["tls://127.0.0.1:0"] }));
    await node(host);
    const elsewhere = await node();
    const address = (host.addresses[0] ?? "").replace("tls://", `tls://${elsewhere.idText}@`);
    expect(await outcomeOf(await node(), address)).toBe("UNEXPECTED_NODE");
  });

  test("a node that has closed gets nothing more; the port goes on serving the others", async () => {
    const host = await started(createHost({ listen: ["tls://127.0.0.1:0"] }));
    const [a, b] = [await node(host), await node(host)];
    await a.close();
    expect(await outcomeOf(await node(), host.addresses[0] ?? "")).toBe(b.idText);
  });

  test("what is no Motet is closed without a byte", async () => {
    const host = await started(createHost({ listen: ["tcp://127.0.0.1:0"] }));
    await node(host);
    const port = Number(/:(\d+)$/.exec(host.addresses[0] ?? "")?.[1]);
    const answer = await new Promise<number>((resolve) => {
      let bytes = 0;
      const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\n\r\n"));
      socket.on("data", (chunk) => (bytes += chunk.length));
      socket.on("close", () => resolve(bytes));
    });
    expect(answer).toBe(0);
  });

  test("one identity joins once", async () => {
    const host = await started(createHost({ listen: ["tls://127.0.0.1:0"] }));
    const { identityFromSeed } = await import("../../src/index.js");
    const identity = identityFromSeed(new Uint8Array(32).fill(7));
    await started(createNode({ network: "host-test", identity, host }));
    await expect(createNode({ network: "host-test", identity, host })).rejects.toMatchObject({ code: "MISUSE" });
  });
});
