// Each step of the engine passes with a friendly fake testee and fails with one that is wrong in one way: an engine that cannot fail proves nothing.
import { afterEach, expect, test } from "vitest";
import { runScenario } from "../../src/node/run-scenario.js";
import type { Scenario, Step } from "../../src/node/scenario.js";
import { StepFailure } from "../../src/node/step-failure.js";
import { FakeTestee } from "./fake-testee.js";
import { cases, ended, flood, peers, refused } from "./step-cases.js";

const fakes: FakeTestee[] = [];
afterEach(() => {
  for (const fake of fakes.splice(0)) fake.close();
});

async function run(steps: readonly Step[], quirks: readonly string[], more: Partial<Scenario> = {}) {
  const fake = new FakeTestee(quirks);
  fakes.push(fake);
  const scenario = { id: "node/test", rules: ["test.rule"], steps, ...more };
  // Where a failure is expected nobody waits for long, but for memory, which takes its time to be filled.
  return runScenario(fake, scenario, quirks.length > 0 && !quirks.includes("hoards") ? 150 : 3_000);
}

test.each(cases)("%s", async (_name, steps, quirk, failing) => {
  const friendly = await run(steps, [], steps.some((step) => step.do === "glut") ? { aliveAtEnd: false } : {});
  expect(friendly.error).toBeUndefined();
  const { error, step } = await run(steps, [quirk]);
  expect(error).toBeInstanceOf(StepFailure);
  expect(step?.split(" ")[1]).toBe(failing);
});

test("expectGone fails where the connection stays open, passes where it is closed", async () => {
  const steps: Step[] = [...ended, { do: "send", peer: "a", command: "PING" }, { do: "expectGone", peer: "a" }];
  expect((await run(steps, ["never-ends"])).error).toBeInstanceOf(StepFailure);
  const closed: Step[] = [
    { do: "connect", peer: "a" },
    { do: "expectGone", peer: "a" },
  ];
  expect((await run(closed, ["deaf"])).step).toContain("alive at the end");
});

test("expectDropped wants some to be missing, in order", async () => {
  const steps: Step[] = [
    { do: "peers", peers: ["a", "b"] },
    { do: "make", message: "m", count: 9 },
    { do: "stall", peer: "b" },
    flood,
    { do: "expectDropped", peer: "b", message: "m", from: "a" },
  ];
  expect((await run(steps, ["drops-some"])).error).toBeUndefined();
  expect((await run(steps, [])).error).toBeInstanceOf(StepFailure);
});

test("gush wants a refusal with its code", async () => {
  const steps: Step[] = [{ do: "gush", contentBytes: 100, atMost: 1000, code: "QUEUE_FULL" }];
  expect((await run(steps, ["gets-busy"])).error).toBeUndefined();
  expect((await run(steps, [])).error).toBeInstanceOf(StepFailure);
});

test("a refused broadcast", async () => {
  const steps: Step[] = [{ do: "broadcast", message: "m", reject: "TOO_LARGE" }];
  expect((await run(steps, [])).error).toBeInstanceOf(StepFailure);
});

test("snapshot compares all peers", async () => {
  expect((await run([peers, { do: "snapshot", peers: ["a", "b"] }], [])).error).toBeUndefined();
  expect((await run([peers, { do: "snapshot", peers: ["a"] }], [])).error).toBeInstanceOf(StepFailure);
});

test("a start that must be refused", async () => {
  const more = { network: { policy: 4 }, startRejects: "MISUSE" };
  expect((await run([], [], more)).error).toBeUndefined();
  expect((await run([], ["other-code"], more)).error).toBeInstanceOf(StepFailure);
  expect((await run([], [], { startRejects: "MISUSE" })).error).toBeInstanceOf(StepFailure);
});

test("the testee has to serve a fresh connection at the end", async () => {
  const { error, step } = await run([], ["no-pong"]);
  expect(error).toBeInstanceOf(StepFailure);
  expect(step).toContain("alive at the end");
});

test.runIf(process.platform === "linux")("memory", async () => {
  const steps: Step[] = [peers, { do: "make", message: "m", count: 8 }, flood];
  const more = { memory: { growthBelow: 2 ** 25 } };
  expect((await run([peers], [], more)).error).toBeUndefined();
  const { error, step } = await run([...steps, { do: "fence", peer: "a" }], ["hoards"], more);
  expect(error).toBeInstanceOf(StepFailure);
  expect(step).toBe("memory");
});

test("a failure has expected, actual, code and the last frames", async () => {
  const { error, trace } = await run([...refused, { do: "expectClose", peer: "a", code: "TOO_LARGE" }], []);
  expect(error).toMatchObject({
    expected: "GOODBYE TOO_LARGE for a",
    actual: "GOODBYE PROTOCOL_ERROR",
    code: "PROTOCOL_ERROR",
  });
  expect(trace.at(-1)).toContain("a ←");
  expect(trace.length).toBeLessThanOrEqual(20);
});
