// The command line from the outside: exit codes, what goes where, and that every error ends with a next step.
import { mkdtemp, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { longTest } from "../harness/runs.js";
import { buildPackage } from "../process/worker.js";
import { run, runProcess } from "./motet.js";

const verbs = ["node", "broadcast", "tell", "ask", "peers", "locate", "ring", "lookup", "id", "inspect"];
const nobody = "tls://127.0.0.1:1";
const someId = "motet1sjym63g22z4srxmd75v7qka2lj4qq7earm656tyl7v3jmfs7ztasnpnd2z";

beforeAll(buildPackage, 120_000);

describe("wrong input ends in one line with a next step", () => {
  const through = ["--network", "demo", "--peer", nobody];
  const cases: readonly (readonly [args: readonly string[], code: number, said: RegExp])[] = [
    [[], 2, /no verb was given; use one of node, broadcast/],
    [["sing"], 2, /there is no verb "sing"; use one of/],
    [["help", "sing"], 2, /there is no verb "sing"; use one of/],
    [["node"], 2, /--network is missing; name the network/],
    [["node", "--network", "demo", "--listen", "4000"], 2, /no known scheme; use one of/],
    [["node", "--network", "demo", "--listen", "tls://local_host:1"], 2, /is no address: .*write tcp:/],
    [["node", "--network", "demo", "--bogus"], 2, /Unknown option '--bogus'; see motet node --help/],
    [["node", "--network", "demo", "--peers", "many"], 2, /--peers many is no number of peers; write --peers 8/],
    [["node", "--network", "demo", "--anchors", "/dev/null/a"], 2, /cannot be read: .*; name another file/],
    [["node", "--network"], 2, /argument missing; see motet node --help/],
    [["node", "--network", "x".repeat(65)], 2, /the name has 65 bytes, allowed is 1…64/],
    [["node", "--network", "demo", "--key", "/x"], 2, /--certificate and --key belong together; give both/],
    [["node", "--network", "demo", "--key", "/x", "--certificate", "/x"], 2, /\/x cannot be read: .*; name a file/],
    [["broadcast", "--network", "demo"], 2, /exactly one text/],
    [["broadcast", "hi", "--network", "demo"], 2, /--peer is missing/],
    [["broadcast", "hi", ...through, "--timeout", "soon"], 2, /--timeout 5000/],
    [["broadcast", "hi", "--network", "demo", "--peer", "tls://motet1x@127.0.0.1:1"], 2, /BAD_TEXT.*; check it/],
    [["broadcast", "hi", ...through], 3, /UNREACHABLE.*check that a node/],
    [["tell", someId, "chat", ...through], 2, /give one TEXT, in quotes, or --file FILE; see/],
    [["tell", someId, "chat", "x", "--file", "y", ...through], 2, /give one TEXT, in quotes, or --file FILE; see/],
    [["tell", someId, "chat", "--file", "/nonexistent", ...through], 2, /cannot be read: .*; name a file/],
    [["tell", someId, "chat", "x", ...through], 3, /UNREACHABLE.*; check/],
    [["ask", someId, ...through], 2, /name a node id, a channel and a text; see motet ask --help/],
    [["ask", someId, "chat", "x", "--network", "demo"], 2, /--peer is missing; name/],
    [["peers", "here", ...through], 2, /"here" is not understood; see motet peers --help/],
    [["locate", ...through], 2, /exactly one node id; see motet locate --help/],
    [["id", "motet1abc"], 2, /BAD_TEXT.*; check it/],
    [["id"], 2, /see motet id --help/],
    [["inspect"], 2, /give bytes in hexadecimal/],
    [["inspect", "xyz"], 2, /even number of lower-case hexadecimal digits; /],
    [["inspect", "00000f"], 1, /ends inside a header at byte 0.*; capture more/],
    [["inspect", "--file", "/nonexistent/file"], 2, /cannot be read: .*; name a file/],
    [["inspect", "--file", "x", "00"], 2, /bytes and --file FILE; give one/],
  ];
  test.each(cases)("motet %j", { timeout: longTest }, async (args, code, said) => {
    const outcome = await run(...args);
    expect(outcome.stderr).toMatch(said);
    expect(outcome.stderr).toMatch(/^motet: [^\n]+\n$/);
    expect(outcome.stderr).not.toMatch(/at .*\.js:\d/);
    expect(outcome.code).toBe(code);
  });
});

test("each verb has help on stdout, with each of its options", { timeout: longTest }, async () => {
  const { code, stdout } = await run("--help");
  expect(code).toBe(0);
  for (const verb of verbs) expect(stdout).toContain(`\n  ${verb} `);
  for (const verb of verbs) {
    const help = await run(verb, "--help");
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toMatch(new RegExp(`^usage: motet ${verb} `));
    expect(help.stdout.split("\n").filter((line) => line.length > 130)).toEqual([]);
  }
  expect((await run("help", "ask")).stdout).toBe((await run("ask", "-h")).stdout);
});

test("the process has the exit code, and says so on the right stream", { timeout: longTest }, async () => {
  const [right, wrong, failed] = await Promise.all([
    runProcess("", "--version"),
    runProcess("", "sing"),
    runProcess("", "inspect", "00000f"),
  ]);
  expect(right).toEqual(await run("--version"));
  expect(wrong).toEqual(await run("sing"));
  expect(failed).toEqual(await run("inspect", "00000f"));
});

test("--version is that of the package", { timeout: longTest }, async () => {
  expect(await run("--version")).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
});

test(
  "id makes an identity file that only its owner reads, and shows the same id again",
  { timeout: longTest },
  async () => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), "motet-")), "me.key");
    const first = await run("id", "--identity", file, "--json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await run("id", "--identity", file, "--json")).stdout).toBe(first.stdout);
    const { text, hex } = JSON.parse(first.stdout) as { text: string; hex: string };
    expect((await run("id", text)).stdout).toBe(`${text}\n${hex}\n`);
    expect((await run("id", hex)).stdout).toBe(`${text}\n${hex}\n`);
    await writeFile(file, "something else");
    expect(await run("id", "--identity", file)).toMatchObject({ code: 2 });
  },
);

test("each parameter of a network makes another network id", { timeout: longTest }, async () => {
  const ids = new Set<string>();
  for (const option of [[], ["--plain"], ["--unsigned"], ["--compressed"]]) {
    ids.add((await run("id", "--network", "demo", ...option)).stdout);
  }
  expect(ids.size).toBe(4);
});
