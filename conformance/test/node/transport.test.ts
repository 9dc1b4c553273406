// Steps about carriers: each passes with a friendly fake testee and fails with one that is wrong in one way.
import { afterEach, expect, test } from "vitest";
import type { Scheme } from "../../src/node/index.js";
import { runScenario, type ScenarioOutcome } from "../../src/node/run-scenario.js";
import type { Scenario, Step } from "../../src/node/scenario.js";
import { StepFailure } from "../../src/node/step-failure.js";
import { FakeTestee } from "./fake-testee.js";

const fakes: FakeTestee[] = [];
afterEach(() => {
  for (const fake of fakes.splice(0)) fake.close();
});

interface Trial extends Partial<Scenario> {
  readonly transport: Scheme;
  readonly steps: readonly Step[];
  readonly quirks?: readonly string[];
}

async function run({ quirks = [], ...rest }: Trial): Promise<ScenarioOutcome> {
  const fake = new FakeTestee(quirks);
  fakes.push(fake);
  const scenario = { id: "node/test", rules: ["test.rule"], ...rest };
  return runScenario(fake, scenario, quirks.length > 0 ? 300 : 3_000, { hasExporter: true });
}

const peers: Step = { do: "peers", peers: ["a"] };
const handshaken = (connect: Step): Step[] => [connect, { do: "handshake", peer: "a" }, { do: "fence", peer: "a" }];
const tapped = (more: Partial<Extract<Step, { do: "tap" }>> = {}): Step[] => [
  { do: "start", node: "n2" },
  { do: "tap", node: "n2", to: "testee", ...more },
  { do: "expectTapped", node: "n2", to: "testee" },
];

/** What holds on every carrier, with a peer of either role. */
const common: readonly Step[] = [
  { do: "peers", peers: ["a", "b"] },
  { do: "accept", peer: "c" },
  { do: "handshake", peer: "c" },
  { do: "make", message: "m" },
  { do: "chunk", peer: "a", size: 3 },
  { do: "flood", peer: "a", message: "m" },
  { do: "expectBroadcast", peer: "b", message: "m" },
  { do: "expectBroadcast", peer: "c", message: "m" },
  { do: "leave", peer: "c" },
  { do: "goodbye", peer: "b", code: "BUSY" },
  { do: "expectEnd", peer: "b" },
  { do: "send", peer: "a", command: "PING" },
  { do: "expectClose", peer: "a", code: "PROTOCOL_ERROR" },
  { do: "connect", peer: "d" },
  { do: "handshake", peer: "d" },
  { do: "halfClose", peer: "d" },
  { do: "expectEnd", peer: "d" },
  { do: "expectEvent", event: "peer.down", peer: "d", code: "LOST" },
];

test.each(["tcp", "tls", "ws", "wss"] as const)("a friendly testee over %s", async (transport) => {
  const { error, step } = await run({ transport, steps: common });
  expect({ error, step }).toEqual({ error: undefined, step: undefined });
});

/** Name, what a friendly fake passes, the quirk that breaks it, and the step that must notice. */
const cases: readonly (readonly [string, Trial, string, string])[] = [
  ["kinds: none where there is encryption", { transport: "tls", steps: [peers] }, "lists-nothing", "peers"],
  ["proof: bound to nothing", { transport: "tls", steps: [peers] }, "binds-nothing", "peers"],
  [
    "proof: another binding",
    {
      transport: "wss",
      steps: [
        { do: "connect", peer: "a" },
        { do: "proof", peer: "a", binding: "flipped" },
        { do: "expectClose", peer: "a", code: "BAD_PROOF" },
      ],
    },
    "trusts",
    "expectClose",
  ],
  [
    "expectNoSession",
    {
      transport: "tls",
      steps: [
        { do: "connect", peer: "a", tls: { alpn: [] } },
        { do: "expectNoSession", peer: "a" },
      ],
    },
    "any-alpn",
    "expectNoSession",
  ],
  [
    "resumeTls",
    { transport: "tls", steps: [peers, { do: "leave", peer: "a" }, { do: "resumeTls", peer: "b", of: "a" }] },
    "takes-resumed",
    "resumeTls",
  ],
  ["expectTapped", { transport: "tls", steps: tapped() }, "trusts", "expectTapped"],
  ["expectTapped: lists", { transport: "tls", steps: tapped({ bindingKinds: [] }) }, "trusts", "expectTapped"],
  ["expectTapped: nothing to tell", { transport: "tcp", steps: tapped() }, "no-peer-up", "expectTapped"],
  [
    "expectClose: a close frame too early",
    {
      transport: "ws",
      steps: [
        { do: "connect", peer: "a", hold: true },
        { do: "handshake", peer: "a" },
        { do: "send", peer: "a", command: "PING" },
        { do: "expectClose", peer: "a", code: "PROTOCOL_ERROR" },
        { do: "alive" },
        { do: "expectQuiet", peer: "a" },
        { do: "halfClose", peer: "a" },
        { do: "expectEnd", peer: "a" },
      ],
    },
    "ends-early",
    "expectQuiet",
  ],
  ["leave: no close frame", { transport: "ws", steps: [peers, { do: "leave", peer: "a" }] }, "never-ends", "leave"],
  [
    "wsFrame",
    {
      transport: "ws",
      steps: [
        peers,
        { do: "wsFrame", peer: "a", opcode: "ping", bytes: "00" },
        { do: "wsFrame", peer: "a", opcode: "binary" },
        { do: "chunk", peer: "a", size: 3, fragments: true },
        { do: "fence", peer: "a" },
      ],
    },
    "no-pong",
    "fence",
  ],
  [
    "expectBroadcast: in a message that is too long",
    {
      transport: "ws",
      steps: [
        { do: "peers", peers: ["a", "b"] },
        { do: "make", message: "m", contentBytes: 524_288 },
        { do: "chunk", peer: "a", size: 5000, fragments: true },
        { do: "flood", peer: "a", message: "m" },
        { do: "expectBroadcast", peer: "b", message: "m" },
      ],
    },
    "long-messages",
    "expectBroadcast",
  ],
];

test.each(cases)("%s", async (_name, trial, quirk, failing) => {
  expect((await run(trial)).error).toBeUndefined();
  const { error, step } = await run({ ...trial, quirks: [quirk] });
  expect(error).toBeInstanceOf(StepFailure);
  expect(step?.split(" ")[1]).toBe(failing);
});

test("expectHttp wants an error, and the right one", async () => {
  const steps = (status: number): Step[] => [
    { do: "connect", peer: "a", ws: {} },
    { do: "expectHttp", peer: "a", status },
  ];
  const trial = { transport: "ws", aliveAtEnd: false } as const;
  expect((await run({ ...trial, steps: steps(403), quirks: ["forbids"] })).error).toBeUndefined();
  expect((await run({ ...trial, steps: steps(404), quirks: ["forbids"] })).error).toBeInstanceOf(StepFailure);
  expect((await run({ ...trial, steps: steps(403) })).error).toBeInstanceOf(StepFailure);
});

test("a refusal that no step asked for fails the connection", async () => {
  const steps = handshaken({ do: "connect", peer: "a" });
  const { error, step } = await run({ transport: "wss", steps, quirks: ["forbids"] });
  expect(error).toBeInstanceOf(StepFailure);
  expect(step).toContain("connect");
});

test("what the runner answers otherwise is refused by the testee", async () => {
  const wanted: Step = { do: "expectEvent", event: "refused", role: "initiator", by: "local", code: "UNREACHABLE" };
  for (const accept of [
    { do: "accept", peer: "a", ws: { status: 403 } },
    { do: "accept", peer: "a", tls: { version: "1.2" } },
  ] as const) {
    const steps: Step[] = [accept, { do: "expectNoSession", peer: "a" }, wanted];
    expect((await run({ transport: "wss", steps })).error).toBeUndefined();
    expect((await run({ transport: "wss", steps: handshaken({ do: "accept", peer: "a" }) })).error).toBeUndefined();
  }
});
