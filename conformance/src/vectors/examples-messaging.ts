// Frames of UPDATE (3.10), of compression (2.5) and of chapter 5, as the specification shows them. Each is a vector.
import {
  commandOf,
  DEFLATE,
  encodeFrame,
  encodeMessage,
  errorNumberOf,
  FAILED,
  filled,
  REQUEST,
  RESPONSE,
  sha256,
  sized,
  utf8,
  type Bytes,
  type Frame,
  type MessageValue,
} from "../golden/index.js";
import { BitWriter, fixed, literal, match } from "./deflate-forge.js";
import { recordOf } from "./examples.js";
import { alice, bob } from "./world.js";

export interface FrameExample {
  /** What the frame is, in a few words. */
  readonly says: string;
  readonly frame: Partial<Frame> & { readonly command: number };
  readonly bytes: Bytes;
}

const TAG = 9;

function example(says: string, command: string, payload: Bytes, more: Partial<Frame> = {}): FrameExample {
  const frame = { command: commandOf(command), payload, ...more };
  return { says, frame, bytes: encodeFrame(frame) };
}

const request = { flags: REQUEST, tag: TAG };
const response = { flags: RESPONSE, tag: TAG };

const query = sha256(utf8("motet vectors: query")).slice(0, 16);

/** Right values of the messages that the examples carry. */
export const exampleValues = {
  Update: { compressions: [DEFLATE], receiveLimit: 65_536 + 524_288, record: recordOf(alice, [], 1_800_000n) },
  Tell: { channel: "chat", payload: utf8("hello") },
  Ask: { channel: "time", payload: utf8("now?"), timeoutMs: 5_000 },
  AskAnswer: { payload: utf8("noon") },
  Error: { code: errorNumberOf("NOT_SERVED") },
  Locate: { query, wanted: bob.id },
  Found: { query, record: recordOf(bob, ["tcp://192.0.2.1:4000"]) },
} as const satisfies Readonly<Record<string, MessageValue>>;

const encoded = (name: keyof typeof exampleValues): Bytes => encodeMessage(name, exampleValues[name]);

const A = 0x61;
/** A TELL of 259 letters a. */
const longTell = encodeMessage("Tell", { channel: "chat", payload: filled(259, A) });
const head = longTell.slice(0, -259);
/** One block of fixed codes: what stands before the letters, one letter, and 258 times the one before. */
const packedTell = fixed(new BitWriter(), [...Array.from(head, (byte) => literal(byte)), literal(A), match(0)]).done;

export const frameExamples = {
  "tell-deflate": example("TELL, compressed", "TELL", sized(longTell.length, packedTell), { flags: DEFLATE }),
  update: example("UPDATE", "UPDATE", encoded("Update"), request),
  "update-answer": example("its answer", "UPDATE", filled(0), response),
  tell: example("TELL", "TELL", encoded("Tell")),
  ask: example("ASK", "ASK", encoded("Ask"), request),
  "ask-answer": example("its answer", "ASK", encoded("AskAnswer"), response),
  "ask-not-served": example("or its failure, when nobody serves the channel", "ASK", encoded("Error"), {
    flags: RESPONSE | FAILED,
    tag: TAG,
  }),
  locate: example("LOCATE, with 6 hops left", "LOCATE", encoded("Locate"), { tag: 6 }),
  found: example("FOUND", "FOUND", encoded("Found")),
} as const satisfies Readonly<Record<string, FrameExample>>;

/** The payload of `tell-deflate` before it was compressed. */
export const unpackedTell = longTell;
