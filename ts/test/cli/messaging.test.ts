// The command line between nodes, encrypted as is the default: a node that runs, and verbs that join for a moment.
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNode } from "../../src/index.js";
import { longTest } from "../harness/runs.js";
import { buildPackage } from "../process/worker.js";
import { certify } from "../transport/certificates.js";
import { run, Running, RunningNode, runProcess } from "./motet.js";

const network = ["--network", "cli-test"];

describe("two nodes, one of them behind the other", () => {
  let near: RunningNode;
  let far: RunningNode;
  let ids: { near: string; far: string };
  /** What leads to the network. */
  let through: readonly string[];

  beforeAll(async () => {
    buildPackage();
    near = new RunningNode(...network, "--listen", "tls://127.0.0.1:0", "--serve-echo", "echo");
    const { id, address } = await near.started();
    through = [...network, "--peer", address];
    const pinned = address.replace("tls://", `tls://${id}@`);
    far = new RunningNode(
      ...network,
      "--listen",
      "wss://127.0.0.1:0/motet",
      "--peer",
      pinned,
      "--serve-echo",
      "echo",
      "--say",
      "chat",
    );
    ids = { near: id, far: (await far.started()).id };
    await far.until("peer.up");
  }, 180_000);

  afterAll(async () => {
    await Promise.all([near.stop(), far.stop()]);
  });

  test("ask prints the answer of a peer, and of a node that has to be found first", { timeout: longTest }, async () => {
    const text = "two\nlines";
    expect(await run("ask", ids.near, "echo", text, ...through)).toEqual({ code: 0, stdout: `${text}\n`, stderr: "" });
    const found = await run("ask", ids.far, "echo", "over there", "--json", ...through);
    expect(found).toEqual({ code: 0, stdout: '{"answer":"6f766572207468657265"}\n', stderr: "" });
  });

  test("ask takes its question from stdin and gives raw bytes back", { timeout: longTest }, async () => {
    const question = Uint8Array.of(0, 1, 2, 10);
    const options = ["--file", "-", "--raw", "--compress", ...through];
    expect(await runProcess(question, "ask", ids.near, "echo", ...options)).toMatchObject({
      code: 0,
      stdout: "\u0000\u0001\u0002\n",
    });
  });

  test("ask fails with what the other side says and a next step", { timeout: longTest }, async () => {
    const { code, stderr } = await run("ask", ids.near, "weather", "x", ...through);
    expect(stderr).toBe('motet: NOT_SERVED: nobody serves "weather"; check the channel, or serve it there\n');
    expect(code).toBe(1);
  });

  test("tell reaches a node that is no peer", { timeout: longTest }, async () => {
    const told = await run("tell", ids.far, "inbox", "hello there", ...through);
    expect(told).toMatchObject({ code: 0, stdout: "" });
    const payload = Buffer.from("hello there").toString("hex");
    expect(await far.until("told")).toMatchObject({ channel: "inbox", payload });
  });

  test("a broadcast reaches everybody; what is typed is broadcast", { timeout: longTest }, async () => {
    const sent = await run("broadcast", "a, b", "--json", ...through);
    expect(sent.code).toBe(0);
    const { id: _, ...receipt } = JSON.parse(sent.stdout) as Record<string, unknown>;
    const payload = Buffer.from("a, b").toString("hex");
    const isIt = (line: Readonly<Record<string, unknown>>): boolean => line["payload"] === payload;
    expect(await near.until("message", isIt)).toMatchObject({ channel: "chat", hops: 0, isProven: true, ...receipt });
    expect(await far.until("message", isIt)).toMatchObject({ hops: 1, from: ids.near });
    far.write("typed\n");
    expect(await near.until("message", (line) => line["origin"] === ids.far)).toMatchObject({
      payload: Buffer.from("typed").toString("hex"),
    });
  });

  test("peers and locate know the other node", { timeout: longTest }, async () => {
    expect((await run("peers", ...through)).stdout.split("\n")).toContain(ids.far);
    const located = await run("locate", ids.far, "--json", ...through);
    expect(JSON.parse(located.stdout)).toEqual({ node: ids.far, ms: expect.any(Number) });
  });

  test("locate of a node that nobody knows ends as a failure of the network", { timeout: longTest }, async () => {
    const stranger = JSON.parse((await run("id", "--identity", await temporary("key"), "--json")).stdout) as {
      text: string;
    };
    const { code, stderr } = await run("locate", stranger.text, ...through);
    expect(stderr).toMatch(/^motet: UNREACHABLE: .*; check/);
    expect(code).toBe(3);
  });

  test("who has another network, no encryption or another node in mind is told so", { timeout: longTest }, async () => {
    const [, , , address = ""] = through;
    const other = await run("broadcast", "x", "--network", "other", "--peer", address);
    expect(other).toMatchObject({ code: 3, stderr: expect.stringMatching(/WRONG_NETWORK.*; use the same --network/) });
    const pinned = address.replace("tls://", `tls://${ids.far}@`);
    const unexpected = await run("broadcast", "x", ...network, "--peer", pinned);
    expect(unexpected).toMatchObject({ code: 3, stderr: expect.stringMatching(/UNEXPECTED_NODE.*; another node/) });
  });

  test("what takes too long ends as a timeout", { timeout: longTest }, async () => {
    const { code, stderr } = await run("broadcast", "x", "--timeout", "1", ...through);
    expect(stderr).toMatch(/^motet: TIMEOUT: .*--timeout\n$/);
    expect(code).toBe(3);
  });
});

test("a network may allow connections without encryption", { timeout: longTest }, async () => {
  const plain = [...network, "--plain"];
  const node = new RunningNode(...plain, "--listen", "tcp://127.0.0.1:0", "--serve-echo", "echo");
  const { id, address } = await node.started();
  expect(await run("ask", id, "echo", "hi", ...plain, "--peer", address)).toMatchObject({ code: 0, stdout: "hi\n" });
  expect(await node.stop()).toBe(130);
});

test(
  "a certificate of an operator is shown, and validated by who is told its authority",
  { timeout: longTest },
  async () => {
    const { authority, shown } = await certify([{ type: "ip", value: "127.0.0.1" }]);
    const files = {
      certificate: await temporary("certificate", shown.certificate),
      key: await temporary("key", shown.key),
      authority: await temporary("authority", authority),
    };
    const strict = ["--authority", files.authority];
    const own = new RunningNode(...network, "--listen", "tls://127.0.0.1:0");
    const certified = new RunningNode(
      ...network,
      "--listen",
      "tls://127.0.0.1:0",
      "--certificate",
      files.certificate,
      "--key",
      files.key,
    );
    const addressOf = async (node: RunningNode): Promise<string> => (await node.started()).address;
    const [good, bad] = [await addressOf(certified), await addressOf(own)];
    expect(await run("broadcast", "x", ...network, ...strict, "--peer", good)).toMatchObject({ code: 0 });
    expect(await run("broadcast", "x", ...network, ...strict, "--peer", bad)).toMatchObject({ code: 3 });
    expect(await Promise.all([own.stop(), certified.stop()])).toEqual([130, 130]);
  },
);

test("what a peer says does not steer the terminal", { timeout: longTest }, async () => {
  await using node = await createNode({ network: "cli-test", listen: ["tls://127.0.0.1:0"] });
  node.serve("rude", () => {
    throw new Error("\u001b[2J\u202egone\nmotet: all is well");
  });
  node.serve("bytes", () => Uint8Array.of(27, 91, 50, 74));
  const through = [...network, "--peer", node.addresses[0] ?? ""];
  const { code, stderr } = await run("ask", node.idText, "rude", "x", ...through);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^motet: "APPLICATION: [\x20-\x7e]*gone motet: all is well"; look at what [^\n]*\n$/);
  expect((await run("ask", node.idText, "bytes", "x", ...through)).stdout).toBe("1b5b324a\n");
});

test("an interruption ends what waits, with 130", { timeout: longTest }, async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const waiting = new Running("broadcast", "x", ...network, "--peer", `tls://127.0.0.1:${port}`, "--timeout", "60000");
  const [socket] = (await once(silent, "connection")) as [Socket];
  expect(await waiting.stop()).toBe(130);
  socket.destroy();
  silent.close();
});

async function temporary(name: string, content?: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), "motet-")), name);
  if (content !== undefined) await writeFile(file, content);
  return file;
}
