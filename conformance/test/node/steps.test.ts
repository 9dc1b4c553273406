// Each step of the engine passes with a friendly fake testee and fails with one that is wrong in one way: an engine that cannot fail proves nothing.
import { afterEach, expect, test } from "vitest";
import { runScenario } from "../../src/node/run-scenario.js";
import type { Scenario, Step } from "../../src/node/scenario.js";
import { StepFailure } from "../../src/node/step-failure.js";
import { FakeTestee } from "./fake-testee.js";

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

const peers: Step = { do: "peers", peers: ["a", "b"] };
const make: Step = { do: "make", message: "m" };
const flood: Step = { do: "flood", peer: "a", message: "m" };
const gets: Step = { do: "expectBroadcast", peer: "b", message: "m", tag: 1 };
const delivered: Step = { do: "expectEvent", event: "delivered", message: "m", from: "a" };
const canary: Step = { do: "canary", after: "a", from: "b" };
const refused: Step[] = [peers, { do: "send", peer: "a", command: "PING" }];
const accepted: Step[] = [{ do: "accept", peer: "a" }];
const ended: Step[] = [
  { do: "connect", peer: "a", hold: true },
  { do: "handshake", peer: "a" },
];

/** Name, steps, the quirk that breaks them, and the step that must notice. */
const cases: readonly (readonly [string, readonly Step[], string, string])[] = [
  [
    "connect",
    [
      { do: "connect", peer: "a" },
      { do: "handshake", peer: "a" },
    ],
    "deaf",
    "handshake",
  ],
  ["accept", [...accepted, { do: "handshake", peer: "a" }], "never-dials", "accept"],
  ["preface", [peers], "bad-preface", "peers"],
  [
    "expectHello: receive limit",
    [
      { do: "connect", peer: "a" },
      { do: "expectHello", peer: "a" },
    ],
    "low-limit",
    "expectHello",
  ],
  ["expectHello: nonce", [peers], "same-nonce", "peers"],
  [
    "expectProof",
    [
      { do: "connect", peer: "a" },
      { do: "expectProof", peer: "a" },
    ],
    "bad-proof",
    "expectProof",
  ],
  ["expectProof of an initiator", [...accepted, { do: "expectProof", peer: "a" }], "bad-proof", "expectProof"],
  ["handshake: first PING", [peers], "no-first-ping", "peers"],
  ["handshake: report", [peers], "no-peer-up", "peers"],
  ["fence: no answer", [peers, { do: "fence", peer: "a" }], "no-pong", "fence"],
  [
    "fence: something before it",
    [peers, { do: "send", peer: "a", command: 32538 }, { do: "fence", peer: "a" }],
    "answers-oneway",
    "fence",
  ],
  [
    "expectFrame",
    [
      peers,
      { do: "send", peer: "a", command: 32538, kind: "request", tag: 3 },
      {
        do: "expectFrame",
        peer: "a",
        command: 32538,
        kind: "failed",
        tag: 3,
        message: { name: "Error", value: { code: 401 } },
      },
    ],
    "other-code",
    "expectFrame",
  ],
  [
    "expectClose: code",
    [...refused, { do: "expectClose", peer: "a", code: "PROTOCOL_ERROR" }],
    "other-code",
    "expectClose",
  ],
  [
    "expectClose: last",
    [...refused, { do: "expectClose", peer: "a", code: "PROTOCOL_ERROR" }],
    "frame-after-goodbye",
    "expectClose",
  ],
  [
    "expectClose: end",
    [...refused, { do: "expectClose", peer: "a", code: "PROTOCOL_ERROR" }],
    "never-ends",
    "expectClose",
  ],
  [
    "expectSilentClose",
    [
      { do: "connect", peer: "a" },
      { do: "sendRaw", peer: "a", bytes: "47" },
      { do: "expectSilentClose", peer: "a" },
    ],
    "answers-scanners",
    "expectSilentClose",
  ],
  [
    "expectEnd",
    [peers, { do: "goodbye", peer: "a", code: "BUSY" }, { do: "expectEnd", peer: "a" }],
    "goodbye-back",
    "expectEnd",
  ],
  ["leave", [peers, { do: "leave", peer: "a" }], "goodbye-back", "leave"],
  [
    "expectQuiet",
    [
      { do: "connect", peer: "a" },
      { do: "connect", peer: "b" },
      { do: "expectHello", peer: "b" },
      { do: "expectQuiet", peer: "a" },
    ],
    "speaks-first",
    "expectQuiet",
  ],
  [
    "expectEvent: member",
    [...refused, { do: "expectEvent", event: "peer.down", peer: "a", code: "PROTOCOL_ERROR" }],
    "other-code",
    "expectEvent",
  ],
  ["expectEvent: delivery", [peers, make, flood, delivered], "no-deliver", "expectEvent"],
  ["expectEvent: content", [peers, make, flood, delivered], "deliver-changed", "expectEvent"],
  [
    "expectEvent: already",
    [peers, make, flood, { do: "fence", peer: "a" }, { ...delivered, already: true }],
    "no-deliver",
    "expectEvent",
  ],
  ["expectNoEvent", [peers, { do: "expectNoEvent", event: "peer.down" }], "late-delivery", "expectNoEvent"],
  ["expectBroadcast", [peers, make, flood, gets], "no-relay", "expectBroadcast"],
  ["expectBroadcast: bytes", [peers, make, flood, gets], "relay-changed", "expectBroadcast"],
  ["expectBroadcast: tag", [peers, make, flood, gets], "same-tag", "expectBroadcast"],
  ["canary: back to the sender", [peers, make, flood, gets, delivered, canary], "relay-back", "canary"],
  [
    "canary: twice",
    [
      peers,
      make,
      flood,
      gets,
      delivered,
      { ...flood, peer: "b" },
      { do: "canary", after: "b", from: "b", watch: ["a", "app"] },
    ],
    "relay-twice",
    "canary",
  ],
  [
    "canary: application",
    [peers, make, flood, gets, delivered, { ...flood, peer: "b" }, canary],
    "deliver-twice",
    "canary",
  ],
  ["broadcast: first sequence", [peers, { do: "broadcast", message: "m" }], "small-sequences", "broadcast"],
  [
    "broadcast: next sequence",
    [peers, { do: "broadcast", message: "m" }, { do: "broadcast", message: "n" }],
    "skips-sequences",
    "broadcast",
  ],
  [
    "broadcast: sent_at",
    [peers, { do: "broadcast", message: "m" }, { do: "expectBroadcast", peer: "a", message: "m" }],
    "late-sent-at",
    "expectBroadcast",
  ],
  ["stop", [peers, { do: "stop" }, { do: "expectClose", peer: "a", code: "CLOSED" }], "no-node.stop", "stop"],
  ["advance", [peers, { do: "advance", ms: 1 }], "no-clock.advance", "advance"],
  [
    "start",
    [
      { do: "start", node: "n2" },
      { do: "alive", node: "n2" },
    ],
    "no-first-ping",
    "alive",
  ],
  ["repeat", [peers, { do: "repeat", times: 3, steps: [{ do: "fence", peer: "a" }] }], "no-pong", "repeat"],
  [
    "together",
    [peers, make, { do: "together", steps: [flood, flood] }, gets, delivered, canary],
    "relay-back",
    "canary",
  ],
  ["chunk", [peers, { do: "chunk", peer: "a", size: 1 }, { do: "fence", peer: "a" }], "no-pong", "fence"],
  [
    "halfClose",
    [peers, { do: "halfClose", peer: "a" }, { do: "expectEvent", event: "peer.down", peer: "a", code: "LOST" }],
    "other-code",
    "expectEvent",
  ],
  [
    "abort",
    [peers, { do: "abort", peer: "a" }, { do: "expectEvent", event: "peer.down", peer: "a", code: "LOST" }],
    "other-code",
    "expectEvent",
  ],
  [
    "glut",
    [
      { do: "peers", peers: ["a", "b", "c"] },
      { do: "stall", peer: "b" },
      { do: "glut", from: "a", stalled: "b", watch: ["c"], contentBytes: 2000, atMost: 100_000, code: "SLOW" },
    ],
    "never-slow",
    "glut",
  ],
  [
    "glut: others served",
    [
      { do: "peers", peers: ["a", "b", "c"] },
      { do: "stall", peer: "b" },
      { do: "glut", from: "a", stalled: "b", watch: ["c"], contentBytes: 2000, atMost: 100_000, code: "SLOW" },
    ],
    "drops-some",
    "glut",
  ],
];

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
