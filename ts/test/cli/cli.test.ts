// The command line from the outside: exit codes, what goes where, and that every error ends with a next step.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { longTest } from "../harness/runs.js";

const motet = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [motet, ...args], { timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe("wrong input ends in one line with a next step", () => {
  const cases: readonly (readonly [args: readonly string[], code: number, said: RegExp])[] = [
    [[], 2, /no verb was given; use one of node, broadcast/],
    [["sing"], 2, /there is no verb "sing"; use one of/],
    [["node"], 2, /--network is missing; name the network/],
    [["node", "--network", "demo", "--listen", "4000"], 2, /no known scheme; use one of/],
    [["node", "--network", "demo", "--listen", "tcp://local_host:1"], 2, /is no address: .*write tcp:/],
    [["node", "--network", "demo", "--bogus"], 2, /Unknown option/],
    [["node", "--network", "x".repeat(65)], 2, /the name has 65 bytes, allowed is 1…64/],
    [["broadcast", "--network", "demo"], 2, /exactly one text/],
    [["broadcast", "hi", "--network", "demo"], 2, /--peer is missing/],
    [["broadcast", "hi", "--network", "demo", "--peer", "tcp://127.0.0.1:1", "--timeout", "soon"], 2, /--timeout 5000/],
    [["broadcast", "hi", "--network", "demo", "--peer", "tcp://motet1x@127.0.0.1:1"], 2, /BAD_TEXT/],
    [
      ["broadcast", "hi", "--network", "demo", "--plain", "--peer", "tcp://127.0.0.1:1"],
      3,
      /UNREACHABLE.*check that a node/,
    ],
    [["id", "motet1abc"], 2, /BAD_TEXT/],
    [["id"], 2, /see motet id --help/],
    [["inspect"], 2, /give bytes in hexadecimal/],
    [["inspect", "xyz"], 2, /even number of lower-case hexadecimal/],
    [["inspect", "00000f"], 1, /MALFORMED.*capture more/],
    [["inspect", "--file", "/nonexistent/file"], 2, /cannot be read/],
  ];
  test.concurrent.each(cases)("motet %j", { timeout: longTest }, async (args, code, said) => {
    const outcome = await run(...args);
    expect(outcome.stderr).toMatch(said);
    expect(outcome.stderr).not.toMatch(/at .*\.js:\d/);
    expect(outcome.code).toBe(code);
  });
});

test("--help of each verb goes to stdout", { timeout: longTest }, async () => {
  for (const verb of ["node", "broadcast", "id", "inspect"]) {
    const { code, stdout } = await run(verb, "--help");
    expect(stdout).toContain(`usage: motet ${verb}`);
    expect(code).toBe(0);
  }
});

test("id makes an identity file that only its owner reads, and shows the same id again", { timeout: longTest }, async () => {
  const file = path.join(await mkdtemp(path.join(tmpdir(), "motet-")), "me.key");
  const first = await run("id", "--identity", file, "--json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await run("id", "--identity", file, "--json")).stdout).toBe(first.stdout);
  const { text, hex } = JSON.parse(first.stdout) as { text: string; hex: string };
  expect((await run("id", text)).stdout).toBe(`${text}\n${hex}\n`);
  expect((await run("id", hex)).stdout).toBe(`${text}\n${hex}\n`);
  await writeFile(file, "something else");
  expect(await run("id", "--identity", file)).toMatchObject({ code: 2 });
});

test("inspect explains each field of a stretch of wire", { timeout: longTest }, async () => {
  const { code, stdout } = await run("inspect", "--json", "4d4f544554010100", "0000002000030001");
  const fields = stdout
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { field: string }).field);
  expect(fields).toEqual(["preface.magic", "preface.versions", "preface.end", "length", "flags", "command", "tag"]);
  expect(code).toBe(0);
});

test("a broadcast reaches a running node, which ends with 130 when it is interrupted", { timeout: longTest }, async () => {
  const args = [motet, "node", "--json", "--network", "cli-test", "--plain", "--listen", "tcp://127.0.0.1:0"];
  const node = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(node, "exit");
  const events = createInterface({ input: node.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value } = await events.next();
    return JSON.parse(String(value)) as Record<string, unknown>;
  };
  const [address] = (await next())["addresses"] as string[];
  const sent = await run("broadcast", "a, b", "--network", "cli-test", "--plain", "--peer", String(address), "--json");
  expect(sent.code).toBe(0);
  expect(await next()).toMatchObject({ event: "peer.up" });
  const { id: _, ...receipt } = JSON.parse(sent.stdout) as Record<string, unknown>;
  const payload = Buffer.from("a, b").toString("hex");
  expect(await next()).toMatchObject({ event: "message", channel: "chat", payload, hops: 0, ...receipt });
  node.kill("SIGINT");
  const [code] = (await ended) as [number];
  expect(code).toBe(130);
});
