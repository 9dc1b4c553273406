// Steps of messaging, records, silence and compression: each passes with a friendly fake and fails with one that is wrong in one way.
import { afterEach, expect, test, vi } from "vitest";
import { compressPayload, decompressPayload } from "../../src/node/compress.js";
import { runScenario } from "../../src/node/run-scenario.js";
import type { Step } from "../../src/node/scenario.js";
import { StepFailure } from "../../src/node/step-failure.js";
import { plainBytes } from "../../src/node/content.js";
import { FakeMessenger } from "./fake-messenger.js";

const fakes: FakeMessenger[] = [];
afterEach(() => {
  for (const fake of fakes.splice(0)) fake.close();
});

async function run(steps: readonly Step[], quirks: readonly string[] = [], waitMs = 2_000) {
  const fake = new FakeMessenger(quirks);
  fakes.push(fake);
  return runScenario(fake, { id: "node/test", rules: ["test.rule"], steps }, waitMs);
}

const peers: Step = { do: "peers", peers: ["a"] };
const tell: Step = { do: "tell", request: "t", to: "a", payload: "x" };
const ask: Step = { do: "ask", request: "q", to: "a", payload: "hi" };
const serve: Step = { do: "serve", channel: "c", how: "echo" };
const answered: Step = { do: "expectOutcome", request: "q", outcome: "answered", payload: "hi" };
const askPeers: readonly Step[] = [
  peers,
  { do: "send", peer: "a", command: "PEERS", kind: "request", tag: 3, message: { name: "Peers", value: { limit: 4 } } },
];
const listening: readonly Step[] = [
  { do: "listen", listener: "l" },
  { do: "connect", peer: "a" },
  { do: "handshake", peer: "a", hello: { record: { addresses: ["{l}"] } } },
  { do: "tell", request: "t", to: "z" },
];

/** Name, steps, the quirk that breaks them, and the step that must notice. */
const cases: readonly (readonly [string, readonly Step[], string, string])[] = [
  ["tell", [tell], "refuses", "tell"],
  ["ask", [ask], "refuses", "ask"],
  ["call", [{ do: "call", request: "c", to: "a", command: 32_769, kind: "request" }], "refuses", "call"],
  ["askPeers", [{ do: "askPeers", request: "p", to: "a" }], "refuses", "askPeers"],
  ["locate", [{ do: "locate", request: "l", wanted: "z" }], "refuses", "locate"],
  ["expectOutcome: another one", [ask, answered], "fails", "expectOutcome"],
  ["expectOutcome: none", [ask, answered], "no-outcome", "expectOutcome"],
  ["expectOutcome: its payload", [ask, answered], "other-payload", "expectOutcome"],
  [
    "expectOutcome: its records",
    [
      { do: "locate", request: "l", wanted: "z" },
      { do: "expectOutcome", request: "l", outcome: "records", peers: ["z"] },
    ],
    "no-records",
    "expectOutcome",
  ],
  ["expectTold", [serve, { do: "expectTold", peer: "a", channel: "c", payload: "hi" }], "no-report", "expectTold"],
  ["expectCommanded", [serve, { do: "expectCommanded", peer: "a", command: 32_769 }], "no-report", "expectCommanded"],
  ["expectSkew", [peers, serve, { do: "expectSkew", peer: "a", ms: 70_500 }], "other-skew", "expectSkew"],
  [
    "expectStale",
    [peers, serve, { do: "expectStale", peer: "a", highest: "7", changed: true }],
    "other-stale",
    "expectStale",
  ],
  [
    "expectPeers",
    [...askPeers, { do: "expectPeers", peer: "a", of: ["a"], holds: ["a"] }],
    "no-records",
    "expectPeers",
  ],
  ["expectPeers: right records", [...askPeers, { do: "expectPeers", peer: "a" }], "flips-records", "expectPeers"],
  ["expectPeers: how many", [...askPeers, { do: "expectPeers", peer: "a", count: 1 }], "no-records", "expectPeers"],
  ["acceptAt", [...listening, { do: "acceptAt", peer: "z", listener: "l" }], "never-dials", "acceptAt"],
  [
    "welcome",
    [...listening, { do: "acceptAt", peer: "z", listener: "l" }, { do: "welcome", peer: "z" }],
    "no-pong",
    "welcome",
  ],
];

test.each(cases)("%s", async (_name, steps, quirk, failing) => {
  expect((await run(steps)).error).toBeUndefined();
  const { error, step } = await run(steps, [quirk], 150);
  expect(error).toBeInstanceOf(StepFailure);
  expect(step?.split(" ")[1]).toBe(failing);
});

test("what must not have been", async () => {
  expect((await run([tell, { do: "expectNoOutcome", request: "t" }])).error).toBeInstanceOf(StepFailure);
  expect((await run([tell, { do: "expectNoOutcome", request: "t" }], ["no-outcome"])).error).toBeUndefined();
  expect((await run([serve, { do: "expectNone", event: "told" }])).error).toBeInstanceOf(StepFailure);
  expect((await run([serve, { do: "expectNone", event: "told" }], ["no-report"])).error).toBeUndefined();
  const dialled: Step = { do: "expectNoDial", listener: "l" };
  expect((await run([...listening, { do: "alive" }, dialled])).error).toBeInstanceOf(StepFailure);
  expect((await run([...listening, { do: "alive" }, dialled], ["never-dials"])).error).toBeUndefined();
});

test("what became of a stale sequence", async () => {
  const stale: Step = { do: "expectStale", peer: "a", highest: "7", changed: false };
  expect((await run([peers, serve, stale])).error).toBeInstanceOf(StepFailure);
});

test("a sequence that a step names, beside a broadcast or the clock", async () => {
  const first: Step = { do: "broadcast", message: "m" };
  const next = (plus: number): Step => ({ do: "broadcast", message: "n", sequence: { of: "m", plus } });
  expect((await run([first, next(1)])).error).toBeUndefined();
  expect((await run([first, next(2)])).error).toBeInstanceOf(StepFailure);
  const clock: Step = { do: "broadcast", message: "m", sequence: { clock: "h", plusSeconds: 3600, plus: 1 } };
  expect((await run([clock])).error).toBeInstanceOf(StepFailure);
});

test("steps that take their time", async () => {
  const takes = (ms: number): Step => ({ do: "takes", ms, steps: [{ do: "alive" }] });
  expect((await run([takes(1)])).error).toBeUndefined();
  expect((await run([takes(60_000)])).error).toBeInstanceOf(StepFailure);
});

test("nodes look for no peers, unless a scenario says so", async () => {
  const started: unknown[] = [];
  for (const limits of [{}, { PEERS_TARGET: "8" }]) {
    const fake = new FakeMessenger();
    fakes.push(fake);
    const spy = vi.spyOn(fake, "request");
    await runScenario(fake, { id: "node/test", rules: ["test.rule"], limits, steps: [] }, 2_000);
    started.push(spy.mock.calls.find(([op]) => op === "node.start")?.[1]?.["limits"]);
  }
  expect(started).toEqual([{ PEERS_TARGET: "0" }, { PEERS_TARGET: "8" }]);
});

test("a request that must be refused", async () => {
  const refused: Step = { ...tell, reject: "QUEUE_FULL" };
  expect((await run([refused], ["refuses"])).error).toBeUndefined();
  expect((await run([refused])).error).toBeInstanceOf(StepFailure);
});

test("press goes on until it is refused", async () => {
  const press: Step = { do: "press", how: "tell", to: "a", code: "QUEUE_FULL", atMost: 10, size: 5 };
  expect((await run([press], ["fills"])).error).toBeUndefined();
  expect((await run([press])).error).toBeInstanceOf(StepFailure);
  expect((await run([{ ...press, code: "BUSY" }], ["fills"])).error).toBeInstanceOf(StepFailure);
});

test("records and values that are remembered", async () => {
  const make: Step = { do: "makeRecord", record: "r1", as: "z" };
  const later: Step = { do: "makeRecord", record: "r2", as: "z", issued: 1000 };
  const check: Step = { do: "expectRecord", record: "r2", as: "z", after: "r1" };
  expect((await run([make, later, check])).error).toBeUndefined();
  expect((await run([make, later, { ...check, record: "r1", after: "r2" }])).error).toBeInstanceOf(StepFailure);
  expect((await run([make, { do: "expectRecord", record: "r1", as: "y" }])).error).toBeInstanceOf(StepFailure);
  expect((await run([make, later, { do: "expectDifferent", kept: ["r1", "r2"] }])).error).toBeUndefined();
  expect((await run([make, { do: "expectDifferent", kept: ["r1", "r1"] }])).error).toBeInstanceOf(StepFailure);
});

test("a muted peer sees the PINGs of the testee", async () => {
  const { error } = await run([peers, { do: "mute", peer: "a" }, { do: "fence", peer: "a" }]);
  expect(error).toBeUndefined();
});

test.each([1, 2, 3])("compression %i: there and back, and defects", (id) => {
  const payload = plainBytes(1000);
  expect(decompressPayload(id, compressPayload(payload, { id }))).toEqual(payload);
  expect(() => decompressPayload(id, compressPayload(payload, { id, original: { plus: 1 } }))).toThrow(StepFailure);
  expect(() => decompressPayload(id, compressPayload(payload, { id, data: "07" }))).toThrow(StepFailure);
  expect(compressPayload(payload, { id, keep: 3 })).toHaveLength(3);
});
