// The worked examples of spec/: each is a vector and, annotated, a block of the text. One source for both.
import {
  buildBroadcast,
  buildRecord,
  commandOf,
  describe,
  encodeFrame,
  encodeMessage,
  filled,
  nodeIdOf,
  PREFACE_V1,
  proofDigest,
  REQUEST,
  sha256,
  sign,
  utf8,
  type Bytes,
  type Frame,
  type MessageValue,
} from "../golden/index.js";
import { alice, bob, demo, HOUR, NOW, type Person } from "./world.js";

const PING_TAG = 7;

/** Record of a person at the moment of the vectors; later by `lateMs`. */
export function recordOf({ seed }: Person, addresses: readonly string[] = [], lateMs = 0n): Bytes {
  const times = { issued: NOW + lateMs, expires: NOW + lateMs + HOUR, incarnation: NOW - 1_000n };
  return buildRecord({ seed, networkId: demo.id, ...times, body: encodeMessage("PeerRecordBody", { addresses }) });
}

function helloOf(who: Person, changes: MessageValue): Bytes {
  return encodeMessage("Hello", {
    networkId: demo.id,
    nonce: sha256(utf8(`motet vectors: nonce`), who.id),
    record: recordOf(who),
    clockMs: NOW,
    receiveLimit: 1_048_576,
    agent: "example/1",
    ...changes,
  });
}

/** HELLO payloads of a handshake whose sides list these kinds of binding. */
export function helloPair(ofInitiator: readonly number[], ofResponder: readonly number[]): readonly [Bytes, Bytes] {
  const initiator = helloOf(alice, { wanted: bob.id, dialCounter: 1n, bindingKinds: ofInitiator });
  return [initiator, helloOf(bob, { bindingKinds: ofResponder })];
}

const [initiatorHello, responderHello] = helloPair([], []);

/** Transcript of the handshake, for the digest of a role. */
export function exampleTranscript(role: number): Parameters<typeof proofDigest>[0] {
  const prefaces = { initiatorPreface: PREFACE_V1, responderPreface: PREFACE_V1 };
  return { role, ...prefaces, initiatorHello, responderHello, bindingKind: 0, binding: filled(32) };
}

function proofOf(role: number, seed: Bytes): Bytes {
  return encodeMessage("Proof", { bindingKind: 0, signature: sign(seed, "motet/1 proof", proofDigest(exampleTranscript(role))) });
}

const oneWay = (name: string, payload: Bytes): Bytes => encodeFrame({ command: commandOf(name), payload });

export const examples = {
  descriptor: describe("demo"),
  pingFrame: { command: commandOf("PING"), flags: REQUEST, tag: PING_TAG } satisfies Partial<Frame>,
  handshake: {
    initiatorHello,
    responderHello,
    initiatorProof: proofOf(0, alice.seed),
    responderProof: proofOf(1, bob.seed),
    /** Everything each side sends, in order, with who sends it. */
    messages: [
      { from: "initiator", what: "preface", bytes: PREFACE_V1 },
      { from: "initiator", what: "HELLO", bytes: oneWay("HELLO", initiatorHello) },
      { from: "responder", what: "preface", bytes: PREFACE_V1 },
      { from: "responder", what: "HELLO", bytes: oneWay("HELLO", responderHello) },
      { from: "responder", what: "PROOF", bytes: oneWay("PROOF", proofOf(1, bob.seed)) },
      { from: "initiator", what: "PROOF", bytes: oneWay("PROOF", proofOf(0, alice.seed)) },
      { from: "responder", what: "PING", bytes: encodeFrame({ command: commandOf("PING"), flags: REQUEST, tag: 1 }) },
    ],
  },
  broadcast: buildBroadcast(alice.seed, demo.id, {
    sequence: NOW * 1_000n,
    sentAt: NOW,
    channel: "chat",
    payload: utf8("hello"),
  }),
  origin: nodeIdOf(alice.seed),
} as const;
