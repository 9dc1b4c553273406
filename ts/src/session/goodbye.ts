// The payload of GOODBYE: section 3.7.

import { decodeUtf8, encodeUtf8 } from "../bytes/index.js";
import { decodeMessage, encodeMessage } from "../codec/index.js";
import { codeOfNumber, numberOfCode } from "../errors/index.js";
import { messageBounds, type Code } from "../gen/registry.js";
import type { SessionEnd } from "./session-types.js";

const textBytes = messageBounds.Goodbye.find((field) => field.name === "text")?.bounds.maxBytes ?? 0;

/** The longest start of a text that fits into GOODBYE or `Error`, cut between characters. */
export function shortenText(text: string): string {
  const bytes = encodeUtf8(text);
  for (let length = Math.min(textBytes, bytes.length); ; length--) {
    const start = decodeUtf8(bytes.subarray(0, length));
    if (start !== undefined) return start;
  }
}

export function encodeGoodbye(code: Code, text: string): Uint8Array {
  // r[session.goodbye.text] mutate: `encodeMessage("Goodbye", { code: numberOfCode(code), text: shortenText(text) })` => `Uint8Array.of(...encodeMessage("Goodbye", { code: numberOfCode(code) }), 0x12, 0xac, 0x02, ...new Uint8Array(300).fill(0x61))`
  return encodeMessage("Goodbye", { code: numberOfCode(code), text: shortenText(text) });
}

/** How a session ends by this payload; a malformed one ends it too. */
export function decodeGoodbye(payload: Uint8Array): SessionEnd {
  try {
    const { code, text } = decodeMessage("Goodbye", payload);
    return { code: codeOfNumber(code), by: "remote", text };
  } catch {
    return { code: "MALFORMED", by: "local", text: "a malformed GOODBYE" };
  }
}
