// Layout of a BROADCAST payload: section 4.2. Fixed offsets, readable without a decoder. Judges the layout, nothing else.

import { concatBytes, isU63, isUtf8, readU64, writeU64 } from "../bytes/index.js";
import { ProtocolError, misuse } from "../errors/index.js";
import { Limit } from "../gen/registry.js";

/** Length of the signature in a signed network. */
export const broadcastSignatureBytes = 64;
/** Offsets inside the content. */
export const ContentOffset = {
  ORIGIN: 0,
  SEQUENCE: 32,
  SENT_AT: 40,
  ENCODING: 48,
  CHANNEL_LENGTH: 49,
  CHANNEL: 50,
} as const;

/** A broadcast as its origin makes it. */
export interface BroadcastContent {
  /** Node id, 32 bytes. */
  readonly origin: Uint8Array;
  readonly sequence: bigint;
  /** Unix ms. */
  readonly sentAt: bigint;
  /** UTF-8, at most 64 bytes. */
  readonly channel: Uint8Array;
  readonly payload: Uint8Array;
}

/**
 * Encodes a content into new bytes.
 * @throws {ProtocolError} MISUSE for a channel above 64 bytes or not UTF-8, TOO_LARGE above `maxMessage`
 */
export function encodeContent(content: BroadcastContent, maxMessage: number): Uint8Array {
  const { origin, sequence, sentAt, channel, payload } = content;
  if (channel.length > Limit.CHANNEL_BYTES || !isUtf8(channel, 0, channel.length)) {
    throw misuse(`a channel is at most ${Limit.CHANNEL_BYTES} bytes of UTF-8; this one has ${channel.length} bytes`);
  }
  const length = ContentOffset.CHANNEL + channel.length + payload.length;
  if (length > maxMessage) {
    throw new ProtocolError(
      "TOO_LARGE",
      `content of ${length} bytes in a network of ${maxMessage}; send less at once`,
      {
        origin: "local",
        rule: "mesh.content.size",
      },
    );
  }
  const head = new Uint8Array(ContentOffset.CHANNEL);
  head.set(origin, ContentOffset.ORIGIN);
  writeU64(head, ContentOffset.SEQUENCE, sequence);
  writeU64(head, ContentOffset.SENT_AT, sentAt);
  head[ContentOffset.CHANNEL_LENGTH] = channel.length;
  return concatBytes(head, channel, payload);
}

/** Whether a payload is long enough to hold its signature and the fixed part of a content: step 1 of section 4.5. */
export function hasBroadcastHead(bytes: Uint8Array, start: number, end: number, signatureBytes: number): boolean {
  return end - start >= 1 + signatureBytes + ContentOffset.CHANNEL && bytes[start] === signatureBytes;
}

/** Whether the content at `bytes[start … end)` is laid out as step 4 of section 4.5 demands; its fixed part is there. */
export function isWellFormedContent(bytes: Uint8Array, start: number, end: number): boolean {
  const channelStart = start + ContentOffset.CHANNEL;
  const channelLength = bytes[start + ContentOffset.CHANNEL_LENGTH] as number;
  return (
    isU63(bytes, start + ContentOffset.SEQUENCE) &&
    isU63(bytes, start + ContentOffset.SENT_AT) &&
    bytes[start + ContentOffset.ENCODING] === 0 &&
    channelLength <= Limit.CHANNEL_BYTES &&
    channelStart + channelLength <= end &&
    isUtf8(bytes, channelStart, channelStart + channelLength)
  );
}

/** Where the application's payload begins in a well-formed content. */
export function payloadOffset(content: Uint8Array): number {
  return ContentOffset.CHANNEL + (content[ContentOffset.CHANNEL_LENGTH] as number);
}

/** Reads a well-formed content; its arrays are views. */
export function readContent(content: Uint8Array): BroadcastContent {
  const channelEnd = payloadOffset(content);
  return {
    origin: content.subarray(ContentOffset.ORIGIN, ContentOffset.SEQUENCE),
    sequence: readU64(content, ContentOffset.SEQUENCE),
    sentAt: readU64(content, ContentOffset.SENT_AT),
    channel: content.subarray(ContentOffset.CHANNEL, channelEnd),
    payload: content.subarray(channelEnd),
  };
}
