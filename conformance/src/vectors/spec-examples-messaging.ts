// Worked examples of 2.5, 3.10, 4.2 and chapter 5: frames, explained.
import { annotateBroadcast, annotateFrame, annotateMessage } from "../annotate/index.js";
import { decodeBroadcast, toHex } from "../golden/index.js";
import { compressedExample } from "./broadcast-compressed.js";
import { frameExamples, unpackedTell } from "./examples-messaging.js";
import { block, facts, vector } from "./spec-block.js";
import { packed } from "./world.js";

type Name = keyof typeof frameExamples;

/** Frames one after the other, each with its vector. */
function frames(...names: readonly Name[]): string {
  const part = (name: Name): string => {
    const { says, bytes } = frameExamples[name];
    return block(annotateFrame(bytes), `Vector \`codec/frame/example-${name}\`: ${says}.`);
  };
  return names.map(part).join("\n\n");
}

export function compressedPayloadExample(): string {
  const before = block(annotateMessage("Tell", unpackedTell, 0), "The payload before, `codec/compressed/example-tell-deflate`:");
  return `${frames("tell-deflate")}\n\n${before}`;
}

export const updateExample = (): string => frames("update", "update-answer");
export const tellExample = (): string => frames("tell");
export const askExample = (): string => frames("ask", "ask-answer", "ask-not-served");
export const locateExample = (): string => frames("locate", "found");

export function compressedBroadcastExample(): string {
  const { payload } = decodeBroadcast(compressedExample, packed.descriptor);
  const rows = [
    ["descriptor of the network", toHex(packed.descriptor)],
    ["payload that is delivered", `${new TextDecoder().decode(payload.slice(0, 4))}… (${payload.length} bytes)`],
  ] as const;
  return `${block(annotateBroadcast(compressedExample), vector("broadcast/compressed"))}\n\n${facts(rows)}`;
}
