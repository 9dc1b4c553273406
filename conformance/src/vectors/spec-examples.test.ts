// Annotations of the examples lose no byte: whatever they explain, their pieces are the bytes, one after the other.
import { describe, expect, test } from "vitest";
import { annotate, annotateFrame, annotationLines, type Annotation } from "../annotate/index.js";
import { concat, encodeFrame, fromHex } from "../golden/index.js";
import { frameExamples, type FrameExample } from "./examples-messaging.js";

/** Where the pieces would begin if they stood one behind the other. */
function offsetsOf(annotations: readonly Annotation[]): number[] {
  return annotations.map((_, index) => concat(...annotations.slice(0, index).map((one) => one.bytes)).length);
}

const meanings = (annotations: readonly Annotation[]): string[] => annotations.map(({ meaning }) => meaning);

describe("frames", () => {
  test.each(Object.entries<FrameExample>(frameExamples))("%s, whole and cut short anywhere", (_name, { bytes }) => {
    for (let length = 0; length <= bytes.length; length++) {
      const part = bytes.slice(0, length);
      const annotations = annotateFrame(part);
      expect(concat(...annotations.map((one) => one.bytes))).toEqual(part);
      expect(offsetsOf(annotations)).toEqual(annotations.map(({ at }) => at));
    }
  });

  test("an answer is explained as the answer of its command, a failure as an error", () => {
    expect(meanings(annotateFrame(frameExamples["ask-answer"].bytes))).toContain("AskAnswer.payload: 4 bytes");
    expect(meanings(annotateFrame(frameExamples["ask-not-served"].bytes))).toContain("Error.code: 403");
  });

  test("a compressed payload is no message", () => {
    const said = meanings(annotateFrame(frameExamples["tell-deflate"].bytes));
    expect(said.slice(-2)).toEqual(["original size 268", "compressed data"]);
  });

  test("the compression id of an unknown command is not looked at", () => {
    const frame = encodeFrame({ command: 0x8000, flags: 1, payload: fromHex("0000010c00") });
    expect(meanings(annotateFrame(frame)).at(-1)).toBe("payload");
  });
});

test("bytes behind the end are said to be so", () => {
  const bytes = fromHex("4d4f54455401010000");
  expect(annotationLines(annotate("preface", bytes)).at(-1)).toContain("behind the preface");
});
