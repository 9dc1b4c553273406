// Content and payload of BROADCAST (4.2, 4.3): made, taken apart, checked by the steps of 4.5 that need no state (1, 3, 4, 5, 11).
import { concat, readU64, readUint, textOf, uint, utf8, type Bytes } from "./bytes.js";
import { inflateExactly } from "./compression.js";
import { decodeDescriptor, networkIdOf, type Descriptor } from "./descriptor.js";
import { checkKey, nodeIdOf, sign, verify } from "./ed25519.js";
import { GoldenError } from "./errors.js";
import { domainHash, workOf } from "./hash.js";
import { limitOf, policyOf, U64_MAX } from "./registry.js";

export const CONTENT_FIXED_BYTES = 50;

export interface ContentParts {
  readonly origin: Bytes;
  readonly sequence: bigint;
  /** Unix ms. */
  readonly sentAt: bigint;
  readonly channel?: string | Bytes;
  readonly payload?: Bytes;
  /** 1 with a payload of original size and deflate data; 0 unless it is said. */
  readonly encoding?: number;
  /** Announced length of the channel, when it shall lie. */
  readonly channelLength?: number;
}

export interface BroadcastValue {
  /** Message id. */
  readonly id: Bytes;
  readonly origin: Bytes;
  readonly sequence: bigint;
  readonly sentAt: bigint;
  readonly channel: string;
  /** The application's, decompressed where it came compressed. */
  readonly payload: Bytes;
}

/** A content taken apart, nothing decompressed. */
export interface ContentValue extends Omit<BroadcastValue, "id"> {
  readonly encoding: number;
  /** All that stands behind the channel. */
  readonly payload: Bytes;
}

/** Bytes of a content, whatever its values. */
export function buildContent(parts: ContentParts): Bytes {
  const channel = typeof parts.channel === "string" ? utf8(parts.channel) : (parts.channel ?? new Uint8Array());
  const lengths = Uint8Array.of(parts.encoding ?? 0, parts.channelLength ?? channel.length);
  const head = [parts.origin, uint(parts.sequence, 8), uint(parts.sentAt, 8), lengths];
  return concat(...head, channel, parts.payload ?? new Uint8Array());
}

/** Message id (4.3). */
export function messageIdOf(networkId: Bytes, content: Bytes): Bytes {
  return domainHash("motet/1 message", networkId, content);
}

/** Payload of BROADCAST around a content; an empty signature makes that of an unsigned network. */
export function wrapContent(signature: Bytes, content: Bytes, signatureLength = signature.length): Bytes {
  return concat(Uint8Array.of(signatureLength), signature, content);
}

/** Payload of BROADCAST with the origin's right signature; `origin` defaults to the seed's node id. */
export function buildBroadcast(
  seed: Bytes,
  networkId: Bytes,
  parts: Omit<ContentParts, "origin"> & { readonly origin?: Bytes },
): Bytes {
  const content = buildContent({ ...parts, origin: parts.origin ?? nodeIdOf(seed) });
  return wrapContent(sign(seed, "motet/1 message", messageIdOf(networkId, content)), content);
}

function refuse(code: string, rule: string, detail: string, at?: number): never {
  throw new GoldenError(code, rule, detail, at);
}

/** Signature and content of a payload: step 1. */
export function splitBroadcast(bytes: Bytes, signed: boolean): { signature: Bytes; content: Bytes } {
  const size = signed ? 64 : 0;
  if (bytes[0] !== size) refuse("MALFORMED", "mesh.payload.signature-length", `signature length ${bytes[0]}`, 0);
  if (bytes.length < 1 + size + CONTENT_FIXED_BYTES) {
    refuse("MALFORMED", "mesh.payload.signature-length", `${bytes.length} bytes`, bytes.length);
  }
  return { signature: bytes.slice(1, 1 + size), content: bytes.slice(1 + size) };
}

/** Members of a content: step 4. */
export function parseContent(content: Bytes): ContentValue {
  const bad = (detail: string, at: number): never => refuse("MALFORMED", "mesh.content.decode", detail, at);
  const sequence = readU64(content, 32);
  const sentAt = readU64(content, 40);
  const [encoding = 0, size = 0] = content.slice(48);
  if (sequence > U64_MAX) bad(`sequence ${sequence}`, 32);
  if (sentAt > U64_MAX) bad(`sent_at ${sentAt}`, 40);
  if (encoding > 1) bad(`encoding ${encoding}`, 48);
  if (size > limitOf("CHANNEL_BYTES") || CONTENT_FIXED_BYTES + size > content.length)
    bad(`channel of ${size} bytes`, 49);
  const end = CONTENT_FIXED_BYTES + size;
  const channel = textOf(content.slice(CONTENT_FIXED_BYTES, end));
  if (channel === undefined) return bad("the channel is not UTF-8", CONTENT_FIXED_BYTES);
  return { origin: content.slice(0, 32), sequence, sentAt, encoding, channel, payload: content.slice(end) };
}

/** What step 4 demands of a compressed payload, without decompressing it. */
function checkCompressed({ encoding, payload }: ContentValue, { policy, maxMessage }: Descriptor): void {
  if (encoding === 0) return;
  const bad = (rule: string, detail: string): never => refuse("MALFORMED", `mesh.compressed.${rule}`, detail, 48);
  if ((policy & policyOf("COMPRESSED_BROADCASTS")) === 0) bad("policy", "compressed, and the policy does not have it");
  if (payload.length < 4) bad("size", `${payload.length} bytes of the original size`);
  const size = readUint(payload, 0, 4);
  if (size <= payload.length - 4) bad("size", `original size ${size}, ${payload.length - 4} bytes of data`);
  if (size > maxMessage) refuse("TOO_LARGE", "mesh.compressed.limit", `original size ${size}`, 48);
}

/** The application's payload; UNDECODABLE where r[mesh.compressed.broken] forbids to deliver it. */
function originalOf({ encoding, payload }: ContentValue): Bytes {
  return encoding === 0 ? payload : inflateExactly(payload.slice(4), readUint(payload, 0, 4));
}

/** Steps 1, 3, 4, 5 and 11 of 4.5 for the network of this descriptor, then what would be delivered. */
export function decodeBroadcast(bytes: Bytes, descriptor: Bytes): BroadcastValue {
  const network = decodeDescriptor(descriptor);
  const signed = (network.policy & policyOf("UNSIGNED_BROADCASTS")) === 0;
  const { signature, content } = splitBroadcast(bytes, signed);
  if (content.length > network.maxMessage) refuse("TOO_LARGE", "mesh.content.size", `${content.length} bytes`);
  const value = parseContent(content);
  checkCompressed(value, network);
  checkKey(value.origin);
  const work = workOf(value.origin);
  if (work < network.workBits) refuse("BAD_KEY", "id.work.origin", `${work} bits of work`);
  const id = messageIdOf(networkIdOf(descriptor), content);
  if (signed) verify("motet/1 message", id, value.origin, signature);
  const { origin, sequence, sentAt, channel } = value;
  return { id, origin, sequence, sentAt, channel, payload: originalOf(value) };
}
