// Explains the payload of a BROADCAST: section 4.2, and 4.8 where it is compressed.

import { decodeUtf8, readU32, readU64 } from "../bytes/index.js";
import { broadcastSignatureBytes, ContentOffset, decompress, Encoding, isWellFormedContent } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import { Compression, Limit } from "../gen/registry.js";
import { formatNodeId } from "../identity/index.js";
import type { Explainer } from "./explainer.js";
import { describePayload } from "./inspect-message.js";
import { showTime } from "./show.js";

/** Explains the broadcast at `bytes[start … end)`. @throws {ProtocolError} MALFORMED, UNDECODABLE */
export function explainBroadcast(explainer: Explainer, start: number, end: number): void {
  const { bytes } = explainer;
  const signature = bytes[start] ?? 0;
  const content = start + 1 + signature;
  if (end > start)
    explainer.add(start, 1, "broadcast.signatureLength", signature === 0 ? "0, unsigned network" : `${signature}`);
  checkLayout(bytes, content, end, signature);
  if (signature > 0) explainer.add(start + 1, signature, "broadcast.signature", "Ed25519 over the message id");
  explainHead(explainer, content);
  const channel = bytes[content + ContentOffset.CHANNEL_LENGTH] ?? 0;
  const channelAt = content + ContentOffset.CHANNEL;
  const payload = channelAt + channel;
  if (channel > 0) {
    const name = decodeUtf8(bytes.subarray(channelAt, payload));
    explainer.add(channelAt, channel, "broadcast.channel", JSON.stringify(name));
  }
  if (bytes[content + ContentOffset.ENCODING] === Encoding.DEFLATE) return explainCompressed(explainer, payload, end);
  if (end > payload)
    explainer.add(payload, end - payload, "broadcast.payload", describePayload(bytes.subarray(payload, end)));
}

function checkLayout(bytes: Uint8Array, content: number, end: number, signature: number): void {
  const hasHead = content + ContentOffset.CHANNEL <= end;
  if ((signature === 0 || signature === broadcastSignatureBytes) && hasHead && isWellFormedContent(bytes, content, end))
    return;
  throw new ProtocolError("MALFORMED", "the broadcast is not laid out as section 4.2 has it");
}

function explainHead(explainer: Explainer, content: number): void {
  const { bytes } = explainer;
  const at = (offset: number): number => content + offset;
  const origin = bytes.subarray(content, at(ContentOffset.SEQUENCE));
  explainer.add(content, 32, "broadcast.origin", formatNodeId(origin));
  const sequence = at(ContentOffset.SEQUENCE);
  explainer.add(sequence, 8, "broadcast.sequence", `${readU64(bytes, sequence)}`);
  const sentAt = at(ContentOffset.SENT_AT);
  explainer.add(sentAt, 8, "broadcast.sentAt", showTime(readU64(bytes, sentAt)));
  const encoding = at(ContentOffset.ENCODING);
  explainer.add(encoding, 1, "broadcast.encoding", bytes[encoding] === Encoding.NONE ? "0, none" : "1, raw deflate");
  const length = at(ContentOffset.CHANNEL_LENGTH);
  explainer.add(length, 1, "broadcast.channelLength", `${bytes[length]}`);
}

/** Original size and raw deflate: what was hashed and signed is the compressed form. */
function explainCompressed(explainer: Explainer, start: number, end: number): void {
  const { bytes } = explainer;
  if (end - start >= 4) explainer.add(start, 4, "broadcast.originalSize", `${readU32(bytes, start)} bytes`);
  if (end - start > 4) explainer.add(start + 4, end - start - 4, "broadcast.data", `${end - start - 4} bytes, deflate`);
  const payload = decompress(Compression.DEFLATE, bytes.subarray(start, end), Limit.RECEIVE_MAX_BYTES);
  explainer.decompressed(payload).add(0, payload.length, "broadcast.payload", describePayload(payload));
}
