// The link client against small testees that misbehave in one way each.
import { afterEach, describe, expect, test } from "vitest";
import { LinkError, Testee, type TesteeOptions } from "./index.js";

const PRELUDE = `
const say = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
const hello = { link: 1, implementation: { name: "t", version: "1", language: "JS" }, versions: [1], features: ["codec"] };
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, op, in: input } = JSON.parse(line);
  if (op === "hello") return say({ id, ok: hello });
  if (op === "shutdown") { say({ id, ok: {} }); return process.exit(0); }
  answer(id, op, input);
});
`;

const started: Testee[] = [];

async function start(answer: string, options: Partial<TesteeOptions> = {}): Promise<Testee> {
  const source = `const answer = (id, op, input) => { ${answer} };${PRELUDE}`;
  const testee = await Testee.start({ command: [process.execPath, "-e", source], ...options });
  started.push(testee);
  return testee;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((testee) => testee.kill()));
});

/** Kind and message of the error of a request. */
async function failure(testee: Testee, timeoutMs?: number): Promise<string> {
  const error: unknown = await testee
    .request("codec.decode", { type: "preface", bytes: "" }, timeoutMs)
    .catch((one: unknown) => one);
  return error instanceof LinkError ? `${error.kind}: ${error.message}` : `no error: ${JSON.stringify(error)}`;
}

describe("replies", () => {
  test("ok, reject, unsupported and fault", async () => {
    const testee = await start(`say({ id, ...input });`);
    expect(testee.hello.implementation.name).toBe("t");
    const ask = (reply: object): Promise<unknown> => testee.request("reset", { ...reply });
    expect(await ask({ ok: {} })).toEqual({ kind: "ok", ok: {} });
    expect(await ask({ reject: { code: "MALFORMED" } })).toEqual({ kind: "reject", code: "MALFORMED" });
    expect(await ask({ unsupported: { feature: "clock" } })).toEqual({ kind: "unsupported", feature: "clock" });
    expect(await ask({ fault: { message: "a bug" } })).toEqual({ kind: "fault", message: "a bug" });
  });

  test.each([
    ["no JSON", `console.log("what?");`, "no JSON"],
    ["two outcomes", `say({ id, ok: {}, fault: { message: "" } });`, "link/1 does not allow"],
    ["another shape", `say({ id, ok: { lowest: 1 } });`, "must have required property 'highest'"],
    ["upper-case code", `say({ id, reject: { code: "bad" } });`, "must match pattern"],
    ["another id", `say({ id: id + 7, ok: {} });`, "which nobody waits for"],
    ["not ASCII", `process.stdout.write("\\u00e9\\n");`, "not ASCII"],
    ["unknown event", `say({ event: "hop" });`, "link/1 does not allow"],
  ])("invalid: %s", async (_name, answer, message) => {
    const said = await failure(await start(answer));
    expect(said).toMatch(/^invalid: /);
    expect(said).toContain(message);
  });

  test("a line beyond 4 MiB", async () => {
    const testee = await start(`process.stdout.write("#".repeat(5 * 2 ** 20) + "\\n");`);
    expect(await failure(testee)).toContain("more than 4 MiB");
  });

  test("comments, and a reply in pieces", async () => {
    const testee = await start(`
      process.stdout.write("# thinking\\n" + '{"id":' + id);
      setTimeout(() => process.stdout.write(',"ok":{}}\\n'), 20);`);
    expect(await testee.request("reset")).toEqual({ kind: "ok", ok: {} });
  });
});

describe("life", () => {
  test("a crash is an error, and ensureAlive replaces the process", async () => {
    const testee = await start(
      `console.error("oh no"); if (op === "reset") say({ id, ok: {} }); else process.exit(3);`,
    );
    expect(await failure(testee)).toBe("crash: the testee ended with exit code 3");
    expect(testee.stderrTail()).toEqual(["oh no"]);
    expect(await failure(testee)).toContain("crash");
    await testee.ensureAlive();
    testee.beginCase();
    expect(await testee.request("reset")).toEqual({ kind: "ok", ok: {} });
    expect(testee.crashes).toBe(1);
  });

  test("too many crashes end it", async () => {
    const testee = await start(`process.exit(1);`, { maxCrashes: 2 });
    await failure(testee);
    await testee.ensureAlive();
    await failure(testee);
    await expect(testee.ensureAlive()).rejects.toThrow("crashed 2 times");
  });

  test("silence is a timeout, and the process is replaced", async () => {
    const testee = await start(`if (op === "reset") say({ id, ok: {} });`);
    const before = testee.pid;
    expect(await failure(testee, 50)).toBe("timeout: no reply to codec.decode in 50 ms");
    await testee.ensureAlive();
    expect(testee.pid).not.toBe(before);
    expect(await testee.request("reset")).toEqual({ kind: "ok", ok: {} });
  });

  test("no program, no hello", async () => {
    const begin = (...command: string[]): Promise<Testee> => Testee.start({ command });
    await expect(begin("no-such-program-of-ours")).rejects.toThrow("ENOENT");
    await expect(begin(process.execPath, "-e", "process.exit(2)")).rejects.toThrow("exit code 2");
    await expect(begin(process.execPath, "-e", "no.such")).rejects.toThrow("it wrote: ReferenceError");
    const command = [process.execPath, "-e", "setTimeout(() => {}, 9999)"];
    await expect(Testee.start({ command, multiplier: 0.01 })).rejects.toThrow("no reply to hello in 300 ms");
  });

  test("shutdown ends the process, also one that does not listen", async () => {
    const polite = await start("");
    await polite.shutdown();
    await expect(polite.request("reset")).rejects.toThrow("exit code 0");
    const source = `process.on("SIGTERM", () => {}); const answer = () => {};${PRELUDE.replace("process.exit(0)", "0")}`;
    const stubborn = await Testee.start({ command: [process.execPath, "-e", source], stepMs: 30 });
    const { pid = 0 } = stubborn;
    await stubborn.shutdown();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

test("events come before the reply, to listeners and to whoever waits", async () => {
  const peer = "ab".repeat(32);
  const testee = await start(`
    say({ event: "peer.up", node: 1, peer: "${peer}" });
    say({ id, ok: {} });
    setTimeout(() => say({ event: "peer.down", node: 1, peer: "${peer}", code: "LOST" }), 20);`);
  const heard: string[] = [];
  const stop = testee.events.on(({ event }) => heard.push(event));
  await testee.request("reset");
  expect(heard).toEqual(["peer.up"]);
  const down = await testee.events.next(({ event }) => event === "peer.down", 1000);
  expect(down?.["code"]).toBe("LOST");
  expect(testee.events.waiting).toHaveLength(1);
  stop();
  expect(await testee.events.next(({ event }) => event === "refused", 10)).toBeUndefined();
  expect(testee.events.drain()).toHaveLength(1);
});
