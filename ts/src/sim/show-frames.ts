// A chunk of whole frames in a few words, for people who look at a run.

import { formatHex, readU16, readU24, readU32 } from "../bytes/index.js";
import { broadcastSignatureBytes, ContentOffset } from "../codec/index.js";
import { headerBytes } from "../framing/index.js";
import { Command, commandNames } from "../gen/registry.js";

const contentStart = headerBytes + 1 + broadcastSignatureBytes;

/** @param skipped bytes of the preface in front of the frames */
export function showFrames(chunk: Uint8Array, skipped: number): string {
  const shown: string[] = skipped > 0 ? ["preface"] : [];
  for (let at = skipped; at + headerBytes <= chunk.length; at += headerBytes + readU24(chunk, at)) {
    const command = readU16(chunk, at + 4);
    const content = at + contentStart;
    const flood = `${formatHex(chunk.subarray(content, content + 4))}/${readU32(chunk, content + ContentOffset.SEQUENCE + 4).toString(16)}`;
    shown.push(command === Command.BROADCAST ? `BROADCAST ${flood}` : (commandNames.get(command) ?? String(command)));
  }
  return shown.join(", ");
}
