// Vectors of the example frames of 2.5, 3.10 and chapter 5, whole and payload by payload.
import { DEFLATE, toHex } from "../golden/index.js";
import { frameExamples, unpackedTell, type FrameExample } from "./examples-messaging.js";
import type { VectorFile } from "./types.js";
import { decoding, VectorSet } from "./vector-set.js";

const LIMIT = 65_536;

/** The rule that each frame shows; the header's own where there is none. */
const RULES: Partial<Record<keyof typeof frameExamples, string>> = {
  "update-answer": "answer.form",
  "ask-answer": "answer.form",
  "ask-not-served": "frame.flags.failed",
  locate: "frame.tag.oneway",
  "tell-deflate": "frame.compression.forbidden",
};

function frames(): VectorFile {
  const set = new VectorSet("frame", "examples", "Frames of UPDATE and of messaging, as the specification shows them");
  const subject = decoding("frame", { receiveLimit: LIMIT });
  for (const [name, { says, frame, bytes }] of Object.entries<FrameExample>(frameExamples)) {
    const rule = RULES[name as keyof typeof frameExamples] ?? "frame.flags.command";
    const about = { rules: [rule], comment: says };
    set.accept(`example-${name}`, subject.op, subject.input(bytes), about);
    const { command, flags = 0, tag = 0, payload = new Uint8Array() } = frame;
    set.accept(`encode-example-${name}`, "codec.encode", { type: "frame", command, flags, tag, payload: toHex(payload) }, about);
  }
  return set.file;
}

function compressed(): VectorFile {
  const set = new VectorSet("compressed", "example", "The payload of the compressed TELL");
  const { payload } = frameExamples["tell-deflate"].frame;
  const input = { type: "compressed", compression: DEFLATE, bytes: toHex(payload ?? new Uint8Array()), limit: LIMIT };
  const about = { rules: ["compress.exact"], comment: "a TELL of 259 letters", features: ["compression"] };
  set.accept("example-tell-deflate", "codec.decode", input, about, { payload: toHex(unpackedTell) });
  return set.file;
}

export const messagingVectors = (): VectorFile[] => [frames(), compressed()];
