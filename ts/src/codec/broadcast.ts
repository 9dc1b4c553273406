// Layout of a BROADCAST payload: section 4.2. Fixed offsets, readable without a decoder. Judges the layout, nothing else.

import { concatBytes, isU63, isUtf8, readU32, readU64, writeU64 } from "../bytes/index.js";
import { ProtocolError, misuse } from "../errors/index.js";
import { Limit, Policy } from "../gen/registry.js";

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

/** How a content holds its payload. */
export const Encoding = {
  NONE: 0,
  /** Original size and raw deflate. */
  DEFLATE: 1,
} as const;

const sizeBytes = 4;

/** What a network allows; a descriptor says it. */
export interface ContentRules {
  /** Sum of `Policy` bits. */
  readonly policy: number;
  /** Bytes. */
  readonly maxMessage: number;
}

/** A broadcast as its origin makes it. */
export interface BroadcastContent {
  /** Node id, 32 bytes. */
  readonly origin: Uint8Array;
  readonly sequence: bigint;
  /** Unix ms. */
  readonly sentAt: bigint;
  /** One of `Encoding`. */
  readonly encoding: number;
  /** UTF-8, at most 64 bytes. */
  readonly channel: Uint8Array;
  /** What stands behind the channel: the application's payload, or as `compress` makes it of that. */
  readonly payload: Uint8Array;
}

/** What a content is made of; the encoding is none unless it is said. */
export type ContentInit = Omit<BroadcastContent, "encoding"> & Partial<Pick<BroadcastContent, "encoding">>;

/**
 * Encodes a content into new bytes.
 * @throws {ProtocolError} MISUSE for a channel above 64 bytes or not UTF-8, TOO_LARGE above `maxMessage`
 */
export function encodeContent(content: ContentInit, maxMessage: number): Uint8Array {
  const { origin, sequence, sentAt, encoding = Encoding.NONE, channel, payload } = content;
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
  head[ContentOffset.ENCODING] = encoding;
  head[ContentOffset.CHANNEL_LENGTH] = channel.length;
  return concatBytes(head, channel, payload);
}

/** Whether a payload is long enough to hold its signature and the fixed part of a content: step 1 of section 4.5. */
export function hasBroadcastHead(bytes: Uint8Array, start: number, end: number, signatureBytes: number): boolean {
  return end - start >= 1 + signatureBytes + ContentOffset.CHANNEL && bytes[start] === signatureBytes;
}

/**
 * Whether the content at `bytes[start … end)` is laid out as r[mesh.content.decode] demands; its fixed part is there. What
 * else step 4 of section 4.5 demands of a compressed one, `compressionDefect` tells.
 */
export function isWellFormedContent(bytes: Uint8Array, start: number, end: number): boolean {
  const channelStart = start + ContentOffset.CHANNEL;
  const channelLength = bytes[start + ContentOffset.CHANNEL_LENGTH] as number;
  return (
    isU63(bytes, start + ContentOffset.SEQUENCE) &&
    isU63(bytes, start + ContentOffset.SENT_AT) &&
    (bytes[start + ContentOffset.ENCODING] as number) <= Encoding.DEFLATE &&
    channelLength <= Limit.CHANNEL_BYTES &&
    channelStart + channelLength <= end &&
    isUtf8(bytes, channelStart, channelStart + channelLength)
  );
}

/** The code with which a well-formed content at `bytes[start … end)` is rejected for how it is compressed: step 4. */
export function compressionDefect(
  bytes: Uint8Array,
  start: number,
  end: number,
  { policy, maxMessage }: ContentRules,
): "MALFORMED" | "TOO_LARGE" | undefined {
  if (bytes[start + ContentOffset.ENCODING] === Encoding.NONE) return undefined;
  // r[mesh.compressed.policy]
  if ((policy & Policy.COMPRESSED_BROADCASTS) === 0) return "MALFORMED";
  const data = start + ContentOffset.CHANNEL + (bytes[start + ContentOffset.CHANNEL_LENGTH] as number) + sizeBytes;
  const originalSize = data > end ? 0 : readU32(bytes, data - sizeBytes);
  // r[mesh.compressed.size]
  if (originalSize <= end - data || data > end) return "MALFORMED";
  // r[mesh.compressed.limit]
  if (originalSize > maxMessage) return "TOO_LARGE";
  return undefined;
}

/** Where what stands behind the channel begins in a well-formed content. */
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
    encoding: content[ContentOffset.ENCODING] as number,
    channel: content.subarray(ContentOffset.CHANNEL, channelEnd),
    payload: content.subarray(channelEnd),
  };
}
