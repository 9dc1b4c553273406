// What breaks each step: steps that a friendly fake testee passes, the quirk that makes them fail, and the step that must notice.
import type { Step } from "../../src/node/scenario.js";

export const peers: Step = { do: "peers", peers: ["a", "b"] };
const make: Step = { do: "make", message: "m" };
export const flood: Step = { do: "flood", peer: "a", message: "m" };
const gets: Step = { do: "expectBroadcast", peer: "b", message: "m", tag: 1 };
const delivered: Step = { do: "expectEvent", event: "delivered", message: "m", from: "a" };
const canary: Step = { do: "canary", after: "a", from: "b" };
export const refused: Step[] = [peers, { do: "send", peer: "a", command: "PING" }];
const accepted: Step[] = [{ do: "accept", peer: "a" }];
export const ended: Step[] = [
  { do: "connect", peer: "a", hold: true },
  { do: "handshake", peer: "a" },
];

/** Name, steps, the quirk that breaks them, and the step that must notice. */
export const cases: readonly (readonly [string, readonly Step[], string, string])[] = [
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
